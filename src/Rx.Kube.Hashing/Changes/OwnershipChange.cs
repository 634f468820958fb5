namespace Rx.Kube;

/// <summary>
/// The ranges that one member gains, loses, or holds at another rank when a ring replaces another one, and the ring that it leads to.
/// Immutable, thread-safe, and equal by content; of the ring, equality includes the fingerprint.
/// </summary>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed record OwnershipChange<TMember>
{
    internal OwnershipChange(TMember self, ReplicatedRing<TMember> ring, EquatableArray<RangeChange<TMember>> changes) =>
        (Self, Ring, Changes) = (self, ring, changes);

    /// <summary>Gets the member.</summary>
    public TMember Self { get; }

    /// <summary>Gets the ring that the change leads to: after this change, the member holds what it holds on this ring.</summary>
    public ReplicatedRing<TMember> Ring { get; }

    /// <summary>Gets the fingerprint of <see cref="Ring"/>; equal fingerprints mean identical placement of all replicas.</summary>
    public ulong Fingerprint => Ring.Fingerprint;

    /// <summary>
    /// Gets the version of the state from which <see cref="Ring"/> was built, as of a view of a ring; empty if rings have no versions.
    /// </summary>
    public string Version { get; init; } = "";

    /// <summary>Gets all changes for the member, in ascending order of their ranges.</summary>
    public EquatableArray<RangeChange<TMember>> Changes { get; private init; }

    /// <summary>Gets the ranges that the member must fetch, each from one of its <see cref="RangeChange{TMember}.Before"/>.</summary>
    public IEnumerable<RangeChange<TMember>> Gained => Changes.Where(change => change.RankBefore is null);

    /// <summary>
    /// Gets the ranges of <see cref="Gained"/>, grouped by the member to fetch from. Each range is in exactly one group: of several members
    /// in its <see cref="RangeChange{TMember}.Before"/>, the group is the first one that is still on <see cref="Ring"/>; if none is, the
    /// first one. If this member cannot be reached, the others in <c>Before</c> can. A range that no member had before is in no group.
    /// </summary>
    /// <remarks>The groups are in ordinal order of the identities. Each call computes them.</remarks>
    public EquatableArray<GainedRanges<TMember>> GainedFrom => GroupGained();

    /// <summary>
    /// Gets the ranges that the member may drop, each as soon as the new members in its <see cref="RangeChange{TMember}.After"/> have it.
    /// </summary>
    public IEnumerable<RangeChange<TMember>> Lost => Changes.Where(change => change.RankAfter is null);

    /// <summary>
    /// Gets the ranges that the member keeps at another rank: for example, it becomes the owner or stops being the owner. They need no
    /// copy.
    /// </summary>
    public IEnumerable<RangeChange<TMember>> Reranked => Changes.Where(change => change is { RankBefore: not null, RankAfter: not null });

    /// <summary>Gets whether the member is on <see cref="Ring"/>.</summary>
    public bool IsMember => Ring.Members.Any(IsSelf);

    /// <summary>Gets whether nothing changes for the member.</summary>
    public bool IsEmpty => Changes.IsEmpty;

    /// <summary>
    /// Gets whether the member holds a key on <see cref="Ring"/>, as the owner or as another replica. What a process has and does not hold
    /// belongs to the replicas of the key on this ring: <see cref="ReplicatedRing{TMember}.ReplicasOf"/>.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <returns>True if it holds the key.</returns>
    public bool Holds(KeyHash key)
    {
        foreach (var member in Ring.ReplicasOf(key).Members)
        {
            if (IsSelf(member))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Compares by content: the member, the changes, the version, and the fingerprint of the ring.</summary>
    /// <param name="other">The other change.</param>
    /// <returns>Whether both are the same change.</returns>
    public bool Equals(OwnershipChange<TMember>? other) =>
        other is not null && EqualityComparer<TMember>.Default.Equals(Self, other.Self) && Fingerprint == other.Fingerprint
        && Version == other.Version && Changes == other.Changes;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Self, Fingerprint, Version, Changes.Length);

    /// <summary>
    /// Gets the same join for a member that already has the data of some ranges, as <see cref="ReplicatedRing{TMember}.JoinOf"/> says.
    /// </summary>
    internal OwnershipChange<TMember> Keeping(IEnumerable<KeyRange> kept)
    {
        var has = KeyRanges.Normalized(kept);
        var holds = KeyRanges.Normalized(Changes.Select(change => change.Range));
        var gained = Changes.SelectMany(change => KeyRanges.Except([change.Range], has).Select(range => change with { Range = range }));
        var lost = KeyRanges.Except(has, holds).SelectMany(Dropped);
        return this with { Changes = [.. gained.Concat(lost).OrderBy(change => change.Range.First)] };
    }

    private bool IsSelf(TMember member) => Ring.Ring.Traits.HashKeyOf(member) == Ring.Ring.Traits.HashKeyOf(Self);

    private EquatableArray<GainedRanges<TMember>> GroupGained()
    {
        var traits = Ring.Ring.Traits;
        var current = Ring.Ring.Members.Select(traits.HashKeyOf).ToHashSet(StringComparer.Ordinal);
        return [.. Gained.Where(change => !change.Before.IsEmpty)
            .GroupBy(change => change.Before.FirstOrDefault(member => current.Contains(traits.HashKeyOf(member)), change.Before[0]))
            .GroupBy(group => traits.HashKeyOf(group.Key), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new GainedRanges<TMember>(
                group.First().Key, [.. KeyRanges.Normalized(group.SelectMany(changes => changes).Select(change => change.Range))]))];
    }

    // A kept range that the member does not hold, in pieces with the same replicas.
    private IEnumerable<RangeChange<TMember>> Dropped(KeyRange range)
    {
        for (KeyRange? rest = range; rest is { } next;)
        {
            var last = Math.Min(Ring.Ring.RangeOf(new KeyHash(next.First)).Last, next.Last);
            yield return new(
                new KeyRange(next.First, last), RankBefore: 0, RankAfter: null, [Self], Ring.ReplicasOf(new KeyHash(next.First)).Members);
            rest = last < next.Last ? new KeyRange(last + 1, next.Last) : null;
        }
    }
}
