using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>
/// Owners that can be used. Health is no part of a ring: a member that is not well keeps its keys, and gets them back without any move.
/// </summary>
public static class RingHealth
{
    /// <summary>
    /// The first member in the order of the key's replicas that can be used: the owner, if it can. With zones that is often a member of
    /// another zone.
    /// </summary>
    /// <param name="ring">The ring.</param>
    /// <param name="key">The key.</param>
    /// <param name="isUsable">Whether a member can be used; asked once for each on the way to the first that can.</param>
    /// <param name="owner">The member.</param>
    /// <returns>False if no member can be used, or there are none.</returns>
    public static bool TryGetOwner<TMember>(
        this IRing<TMember> ring, KeyHash key, Func<TMember, bool> isUsable, [MaybeNullWhen(false)] out TMember owner)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(isUsable);
        if (!ring.TryGetOwner(key, out owner))
        {
            return false;
        }

        var isFound = isUsable(owner);
        for (var (asked, wanted) = (1, 4); !isFound && asked < ring.Members.Length; wanted *= 4)
        {
            var replicas = ArrayPool<TMember>.Shared.Rent(Math.Min(wanted, ring.Members.Length));
            var found = ring.GetReplicas(key, replicas.AsSpan(0, Math.Min(wanted, ring.Members.Length)));
            for (; !isFound && asked < found; asked++)
            {
                owner = replicas[asked];
                isFound = isUsable(owner);
            }

            ArrayPool<TMember>.Shared.Return(replicas, RuntimeHelpers.IsReferenceOrContainsReferences<TMember>());
        }

        owner = isFound ? owner : default;
        return isFound;
    }
}
