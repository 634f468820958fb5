using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>
/// Finds usable owners. Health is not part of a ring: an unhealthy member keeps its place, and serves its keys again once it is healthy; no
/// key moves.
/// </summary>
public static class RingHealth
{
    /// <summary>
    /// Finds the first usable member in the order of a key's replicas: the owner, if it is usable. With zones, the next member is often in
    /// another zone.
    /// </summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="ring">The ring.</param>
    /// <param name="key">The key.</param>
    /// <param name="isUsable">Whether a member can be used; called once for each member up to the first usable one.</param>
    /// <param name="owner">The first usable member.</param>
    /// <returns>False if no member is usable, or if there are no members.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> or <paramref name="isUsable"/> is null.</exception>
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
