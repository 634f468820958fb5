namespace Rx.Kube;

/// <summary>
/// Subrings: of many members the same few for a tenant, or for a client, so that what one does to its members few others feel.
/// </summary>
public static class ShuffleSharding
{
    /// <summary>
    /// The subring of a tenant: the members that a <see cref="Rendezvous{TMember}"/> of the same members, weights and zones prefers for its
    /// id. Heavier members are in more subrings, zones take turns, and any two processes with the same members choose the same.
    /// </summary>
    /// <remarks>
    /// <para>A member that joins comes into the subring or not, and then one goes; for one that leaves, another comes if it was in: one out
    /// and one in at most. That holds with zones too, and with <paramref name="isUsable"/> for those that can be used.</para>
    /// <para>It asks every member, which takes about a millisecond for thousands; keep the subring until the ring changes.</para>
    /// </remarks>
    /// <param name="ring">The ring of all members.</param>
    /// <param name="id">Whose subring it is.</param>
    /// <param name="size">How many members it has, from 1; all of them if there are no more.</param>
    /// <param name="isUsable">
    /// Whether a member can be used. One that cannot be is in the subring if it comes before the last that can, but does not count: so many
    /// that can be used are in it, if there are so many; if there are not, it is the whole ring. When a member can no longer be used,
    /// nobody goes and others come.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1.</exception>
    public static HashRing<TMember> ShuffleShard<TMember>(
        this HashRing<TMember> ring, KeyHash id, int size, Func<TMember, bool>? isUsable = null) =>
        ring.Only(IsChosen(ring, id, size, isUsable));

    /// <inheritdoc cref="ShuffleShard{TMember}(HashRing{TMember}, KeyHash, int, Func{TMember, bool})"/>
    public static IRing<TMember> ShuffleShard<TMember>(
        this IRing<TMember> ring, KeyHash id, int size, Func<TMember, bool>? isUsable = null) =>
        ring.Only(IsChosen(ring, id, size, isUsable));

    private static Func<TMember, bool> IsChosen<TMember>(IRing<TMember> ring, KeyHash id, int size, Func<TMember, bool>? isUsable)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var traits = ring.Traits;
        var preference = ring as Rendezvous<TMember>
            ?? Rendezvous.Create(ring.Members, traits.HashKeyOf, traits.WeightOf, traits.HasZones ? traits.ZoneOf : null);
        var (chosen, usable) = (new HashSet<string>(StringComparer.Ordinal), 0);
        for (long wanted = size; usable < size && chosen.Count < ring.Members.Length; wanted *= 2)
        {
            var replicas = new TMember[Math.Min(wanted, ring.Members.Length)];
            preference.GetReplicas(id, replicas);
            foreach (var member in replicas.Skip(chosen.Count).TakeWhile(_ => usable < size))
            {
                chosen.Add(traits.HashKeyOf(member));
                usable += isUsable?.Invoke(member) ?? true ? 1 : 0;
            }
        }

        return member => chosen.Contains(traits.HashKeyOf(member));
    }
}
