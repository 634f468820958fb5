namespace Rx.Kube;

/// <summary>
/// Creates subrings: a stable small subset of the members for each tenant or client, so that one tenant affects few others.
/// </summary>
public static class ShuffleSharding
{
    /// <summary>
    /// Creates the subring of a tenant: the members that a <see cref="Rendezvous{TMember}"/> with the same members, weights and zones
    /// prefers for the tenant's id. Heavier members are in more subrings, zones alternate, and any two processes with the same members
    /// choose the same subring.
    /// </summary>
    /// <remarks>
    /// <para>When a member joins the ring, either it enters the subring and one other member leaves the subring, or the subring does not
    /// change. When a member of the subring leaves the ring, one other member enters the subring. Therefore, at most one member leaves and
    /// one enters. This also holds with zones, and with <paramref name="isUsable"/> for the usable members.</para>
    /// <para>The method computes a score for every member, which takes about a millisecond for thousands of members. Keep the subring until
    /// the ring changes.</para>
    /// </remarks>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="ring">The ring of all members.</param>
    /// <param name="id">The id of the tenant.</param>
    /// <param name="size">
    /// The number of members of the subring, from 1. If the ring has no more members than this, the subring has all of them.
    /// </param>
    /// <param name="isUsable">
    /// Whether a member can be used. An unusable member is in the subring if the tenant prefers it to the last usable member of the
    /// subring, but it does not count: the subring has <paramref name="size"/> usable members if there are that many, and is the whole
    /// ring otherwise. When a member stops being usable, no member leaves the subring, and others enter. The default is null: every member
    /// counts.
    /// </param>
    /// <returns>The subring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> is null.</exception>
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
