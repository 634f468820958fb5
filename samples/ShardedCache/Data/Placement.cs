using Rx.Kube;

namespace ShardedCache.Data;

/// <summary>
/// Which ranges this process holds on its ring, which of them it still lacks, and whether other processes are further. Not thread-safe: the
/// <see cref="Shard"/> has the lock.
/// </summary>
internal sealed class Placement
{
    private RingTag? _newer;

    /// <summary>Gets the last change of this process's ownership; null before the first ring.</summary>
    public OwnershipChange<RingMember>? Change { get; private set; }

    /// <summary>Gets the ranges that this process holds.</summary>
    public RangeSet Held { get; private set; } = RangeSet.Empty;

    /// <summary>Gets the held ranges whose data is not complete here.</summary>
    public RangeSet Pending { get; private set; } = RangeSet.Empty;

    /// <summary>Gets whether a newer ring exists, as another process has said.</summary>
    public bool IsBehind => _newer is not null;

    public RingTag Tag => Change is null ? new("", 0) : new(Change.Version, Change.Fingerprint);

    public void Apply(OwnershipChange<RingMember> change)
    {
        // What others did on rings that this process has skipped is not here: then each range is fetched again.
        var hasSkipped = _newer is { } newer && newer.Fingerprint != change.Fingerprint;
        Change = change;
        Held = RangeSet.Of(change.Ring.OwnedBy(change.Self).Select(owned => owned.Range));
        Pending = hasSkipped
            ? Held
            : Pending.Union(RangeSet.Of(change.Gained.Select(gained => gained.Range))).Intersect(Held);
        _newer = _newer is { } last && change.IsOlderThan(last.Version, last.Fingerprint) ? last : null;
    }

    /// <summary>Takes note of the ring of another process.</summary>
    /// <returns>Whether both processes may work together: they place keys alike, and no newer ring is known.</returns>
    public bool Agrees(RingTag other)
    {
        if (Change is null)
        {
            return false;
        }

        if (Change.Fingerprint == other.Fingerprint)
        {
            HearSame(Change, other);
            return !IsBehind;
        }

        if (Change.IsOlderThan(other.Version, other.Fingerprint)
            && (_newer is not { } newer || IsOlder(Change, newer.Version, other)))
        {
            // The ring between is skipped, unless it is this one by another version.
            Pending = _newer is { } skipped && skipped.Fingerprint != other.Fingerprint ? Held : Pending;
            _newer = other;
        }

        return false;
    }

    /// <summary>Takes note of the ring of another process that wants data: it may be newer, and then this ring is closed.</summary>
    /// <returns>Whether it may have the data.</returns>
    public bool Yields(RingTag other) => Agrees(other) || _newer?.Fingerprint == other.Fingerprint;

    /// <summary>Gets the held ranges that are complete, for a process on another ring or on this one.</summary>
    public RangeSet Complete => Held.Except(Pending);

    public void Completed(RangeSet ranges) => Pending = Pending.Except(ranges);

    private static bool IsOlder(OwnershipChange<RingMember> change, string version, RingTag than) =>
        (change with { Version = version }).IsOlderThan(than.Version, than.Fingerprint);

    // The other process has the same ring, perhaps at a later version: the ring has come back after a newer one, which is skipped here.
    private void HearSame(OwnershipChange<RingMember> change, RingTag other)
    {
        if (_newer is { } newer && !IsOlder(change, other.Version, newer))
        {
            (_newer, Pending) = (null, Held);
            Change = change with { Version = other.Version };
        }
    }
}
