using Rx.Kube;

namespace ShardedCache.Data;

/// <summary>What moves between processes when the ring changes.</summary>
internal sealed partial class Shard
{
    /// <summary>Gets the ranges that this process lacks on its ring.</summary>
    public (OwnershipChange<RingMember>? Change, RangeSet Pending) Missing()
    {
        lock (_gate)
        {
            return (_place.Change, _place.Pending);
        }
    }

    /// <summary>
    /// Tells another process, which gains ranges, what is complete here. If its ring is newer, the ring of this process is closed.
    /// </summary>
    /// <returns>Null if the ring of this process is newer.</returns>
    public RangeSet? Announced(RingTag tag)
    {
        lock (_gate)
        {
            return _place.Change is null ? RangeSet.Empty : _place.Yields(tag) ? _place.Complete : null;
        }
    }

    /// <summary>
    /// Gets all values in some ranges, for another process on the same ring or on a newer one; null if this ring is newer.
    /// </summary>
    public Entry[]? Copies(RangeSet ranges, RingTag tag)
    {
        lock (_gate)
        {
            return _place.Change is null ? []
                : _place.Yields(tag) ? [.. _entries.Values.Where(entry => ranges.Contains(entry.Hash))]
                : null;
        }
    }

    /// <summary>Stores values that another process hands over.</summary>
    public Standing StoreMoved(IEnumerable<Entry> entries, RingTag tag)
    {
        lock (_gate)
        {
            if (!_place.Agrees(tag))
            {
                return Standing.RingsDiffer;
            }

            MergeMoved(entries);
            return Standing.Right;
        }
    }

    /// <summary>Stores what was fetched for some ranges, which are then complete, unless the ring has changed meanwhile.</summary>
    public void Fill(RangeSet ranges, IEnumerable<Entry> entries, RingTag tag)
    {
        lock (_gate)
        {
            MergeMoved(entries);
            if (_place.Tag == tag && !_place.IsBehind)
            {
                _place.Completed(ranges);
                NoteCompleteness();
            }
        }
    }

    /// <summary>Gets some of the values that this process has and does not hold.</summary>
    public (OwnershipChange<RingMember>? Change, Entry[] Entries) Leftovers(int limit)
    {
        lock (_gate)
        {
            return (_place.Change, [.. _entries.Values.Where(entry => !_place.Held.Contains(entry.Hash)).Take(limit)]);
        }
    }

    /// <summary>Deletes values that other processes have accepted, unless they have changed or the ring has.</summary>
    public void Drop(IEnumerable<Entry> entries, RingTag tag)
    {
        lock (_gate)
        {
            foreach (var entry in entries.Where(entry =>
                _place.Agrees(tag) && ReferenceEquals(_entries.GetValueOrDefault(entry.Key), entry)))
            {
                _entries.Remove(entry.Key);
            }
        }
    }

    /// <summary>Deletes old tombstones.</summary>
    public void Purge(TimeSpan life)
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values.Where(entry => entry.Value is null && clock.Age(entry.Version.Clock) > life).ToList())
            {
                _entries.Remove(entry.Key);
            }
        }
    }

    /// <summary>Gets what the process tells about itself.</summary>
    public ShardState State()
    {
        lock (_gate)
        {
            var change = _place.Change;
            return new(
                change?.Self.Name, $"{_place.Tag}", [.. change?.Ring.Members.Select(member => member.Name) ?? []],
                _place.Held.Ranges.Length, _place.Pending.Ranges.Length, _place.IsBehind,
                change?.Ring is { } ring ? Math.Max(0, ring.ReplicationFactor - ring.Members.Length) : 0,
                _entries.Values.Count(entry => entry.Value is not null),
                _entries.Values.Count(entry => !_place.Held.Contains(entry.Hash)),
                _moved, _hasBeenComplete && !IsDraining);
        }
    }

    // Values that are not held would only have to be handed over again.
    private void MergeMoved(IEnumerable<Entry> entries) =>
        _moved += entries.Where(entry => _place.Held.Contains(entry.Hash)).Count(Merge);
}
