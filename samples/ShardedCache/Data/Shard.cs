using System.Collections.Immutable;
using Rx.Kube;

namespace ShardedCache.Data;

/// <summary>
/// The values of this process, and its place on the ring. Each step takes one lock, so that no value is stored by a ring that is closed.
/// Thread-safe.
/// </summary>
internal sealed partial class Shard(HybridClock clock)
{
    private readonly Lock _gate = new();
    private readonly Placement _place = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private bool _hasBeenComplete;
    private long _moved;

    /// <summary>Gets or sets whether the process is about to stop.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Gets whether a newer ring is known.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return _place.IsBehind;
            }
        }
    }

    /// <summary>Gets the ring, for the header of a request or of an answer.</summary>
    public RingTag Tag
    {
        get
        {
            lock (_gate)
            {
                return _place.Tag;
            }
        }
    }

    /// <summary>Moves to the next ring.</summary>
    public void Apply(OwnershipChange<RingMember> change)
    {
        lock (_gate)
        {
            _place.Apply(change);
            NoteCompleteness();
        }
    }

    /// <summary>Takes note of the ring of another process.</summary>
    public void Hear(RingTag other)
    {
        lock (_gate)
        {
            _place.Agrees(other);
        }
    }

    /// <summary>Gets the replicas of a key, the owner first; none if a newer ring is known, or there is none yet.</summary>
    public (RingTag Tag, ImmutableArray<RingMember> Replicas) ReplicasOf(string key)
    {
        lock (_gate)
        {
            return _place is { IsBehind: false, Change: { } change }
                ? (_place.Tag, [.. change.Ring.ReplicasOf(key).Members])
                : (_place.Tag, []);
        }
    }

    /// <summary>Reads a key that this process holds on the ring of the request.</summary>
    public (Standing Standing, Entry? Entry) Read(string key, RingTag tag)
    {
        lock (_gate)
        {
            return (StandingOf(key, tag), _entries.GetValueOrDefault(key));
        }
    }

    /// <summary>Gets whether this process may accept a write, as the owner on the ring of the request.</summary>
    public Standing StandingOfOwner(string key, RingTag tag)
    {
        lock (_gate)
        {
            return StandingOf(key, tag) is not Standing.Right and var other ? other
                : _place.Change!.Ring.TryGetOwner(key, out var owner) && owner == _place.Change.Self ? Standing.Right
                : Standing.NotHeld;
        }
    }

    /// <summary>Stores a write as the owner, after the other replica has it, if the ring is still the same.</summary>
    public Standing Commit(Entry entry, RingTag own)
    {
        lock (_gate)
        {
            var standing = own == _place.Tag ? StandingOf(entry.Key, own) : Standing.RingsDiffer;
            if (standing == Standing.Right)
            {
                Merge(entry);
            }

            return standing;
        }
    }

    /// <summary>Stores a write that its owner sends. The range need not be complete here.</summary>
    /// <returns>The clock of a newer value, which the write would not replace; null if it is stored.</returns>
    public (Standing Standing, long? Newer) StoreCopy(Entry entry, RingTag tag)
    {
        lock (_gate)
        {
            var standing = StandingOf(entry.Key, tag);
            if (standing is not (Standing.Right or Standing.Pending))
            {
                return (standing, null);
            }

            Merge(entry);
            return (Standing.Right, _entries[entry.Key].Version > entry.Version ? _entries[entry.Key].Version.Clock : null);
        }
    }

    private Standing StandingOf(string key, RingTag tag)
    {
        KeyHash hash = key;
        return !_place.Agrees(tag) ? Standing.RingsDiffer
            : !_place.Held.Contains(hash) ? Standing.NotHeld
            : _place.Pending.Contains(hash) ? Standing.Pending
            : Standing.Right;
    }

    // A copy replaces only an older one.
    private bool Merge(Entry entry)
    {
        clock.See(entry.Version.Clock);
        var isKnown = _entries.TryGetValue(entry.Key, out var present);
        if (!isKnown || entry.Version > present!.Version)
        {
            _entries[entry.Key] = entry;
        }

        return !isKnown;
    }

    private void NoteCompleteness() => _hasBeenComplete |= _place.Change is { IsMember: true } && _place.Pending.IsEmpty;
}
