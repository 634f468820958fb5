using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// What the page shows: a fold over moments. Rows know at which moment they last changed, so that the difference from any earlier moment
/// can be told without keeping that moment. Immutable.
/// </summary>
internal sealed record RingPageState
{
    private static readonly ImmutableSortedDictionary<string, RingRow> _noRows =
        ImmutableSortedDictionary.Create<string, RingRow>(StringComparer.Ordinal);

    /// <summary>Gets the state before the first moment.</summary>
    public static RingPageState Start { get; } = new();

    /// <summary>Gets the state before the first moment of a page.</summary>
    /// <param name="options">The limits of the page.</param>
    public static RingPageState StartOf(RingPageOptions options) => new() { History = new() { Limits = options } };

    /// <summary>Gets the number of the last moment, from 1; 0 before the first.</summary>
    public long Sequence { get; private init; }

    /// <summary>Gets the last moment; null before the first.</summary>
    public RingMoment? Moment { get; private init; }

    /// <summary>Gets the rows by the names of the members.</summary>
    public ImmutableSortedDictionary<string, RingRow> Rows { get; private init; } = _noRows;

    /// <summary>Gets the changes.</summary>
    public RingHistory History { get; private init; } = new();

    /// <summary>Gets whether nothing follows: the recording is at its end.</summary>
    public bool IsOver { get; private init; }

    /// <summary>Gets the state after the last moment of a recording.</summary>
    public RingPageState Over() => this with { Sequence = Sequence + 1, IsOver = true };

    /// <summary>Gets the state after the next moment. The cost is proportional to what changed.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="horizon">How long changes are kept.</param>
    public RingPageState Next(RingMoment moment, TimeSpan horizon)
    {
        var sequence = Sequence + 1;
        var changes = new List<RingPageChange>();
        if (ChangeOfConnection(moment, sequence) is { } connection)
        {
            changes.Add(connection);
        }

        var rows = Rows;
        var (was, view) = (Moment?.View, moment.View);
        if (view is not null && !ReferenceEquals(was?.Ring, view.Ring))
        {
            var diff = was is null ? null : view.Replicas.DiffFrom(was.Replicas);
            var change = RingPageChange.Of(sequence, moment.At, was?.Ring, view, diff);
            rows = diff is null ? RowsOf(view.Ring, sequence) : RowsAfter(rows, change, diff, sequence);
            changes.Add(change);
        }

        return this with
        {
            Sequence = sequence,
            Moment = moment,
            Rows = WithHealth(rows, moment.Topology, sequence),
            History = History.With(changes, moment.At.UtcTicks > horizon.Ticks ? moment.At - horizon : default),
        };
    }

    private static ImmutableSortedDictionary<string, RingRow> RowsOf(HashRing<RingMember> ring, long sequence)
    {
        var owned = Owned(ring);
        return _noRows.AddRange(ring.Members.Select(member => KeyValuePair.Create(
            member.Name, new RingRow(member, owned.GetValueOrDefault(member.Name), "", null, sequence))));
    }

    /// <summary>Counts the hashes that each member owns. Walks over all ranges of the ring.</summary>
    public static Dictionary<string, UInt128> Owned(HashRing<RingMember> ring)
    {
        var owned = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        for (var range = ring.RangeOf(default); ; range = ring.RangeOf(new KeyHash(range.Last + 1)))
        {
            if (ring.TryGetOwner(new KeyHash(range.First), out var owner))
            {
                owned[owner.Name] = owned.GetValueOrDefault(owner.Name) + range.Length;
            }

            if (range.Last == ulong.MaxValue)
            {
                return owned;
            }
        }
    }

    private static ImmutableSortedDictionary<string, RingRow> RowsAfter(
        ImmutableSortedDictionary<string, RingRow> rows, RingPageChange change, RingDiff<RingMember> diff, long sequence)
    {
        var owned = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        foreach (var part in diff.Changes)
        {
            // Unsigned numbers wrap around: a negative intermediate sum gives the right final sum.
            Add(part.Before, UInt128.Zero - part.Range.Length);
            Add(part.After, part.Range.Length);
        }

        var next = rows.ToBuilder();
        next.RemoveRange(change.Left.Select(member => member.Name));
        foreach (var member in change.Joined)
        {
            next[member.Name] = new RingRow(member, 0, "", null, sequence);
        }

        foreach (var (_, member) in change.Altered)
        {
            next[member.Name] = next[member.Name] with { Member = member, Revision = sequence };
        }

        foreach (var (name, more) in owned)
        {
            if (more != 0 && next.TryGetValue(name, out var row))
            {
                next[name] = row with { Owned = row.Owned + more, Revision = sequence };
            }
        }

        return next.ToImmutable();

        void Add(EquatableArray<RingMember> replicas, UInt128 length)
        {
            if (!replicas.IsEmpty)
            {
                owned[replicas[0].Name] = owned.GetValueOrDefault(replicas[0].Name) + length;
            }
        }
    }

    private ImmutableSortedDictionary<string, RingRow> WithHealth(
        ImmutableSortedDictionary<string, RingRow> rows, ServiceTopology topology, long sequence)
    {
        var diff = topology.DiffFrom(Moment?.Topology);
        var names = diff.Added.Concat(diff.Removed).Concat(diff.Updated).Select(change => change.Member);
        if (!ReferenceEquals(rows, Rows))
        {
            names = names.Concat(rows.Values.Where(row => row.Health.Length == 0).Select(row => row.Member.Name));
        }

        var next = rows.ToBuilder();
        foreach (var name in names.ToList())
        {
            if (next.TryGetValue(name, out var row))
            {
                var endpoints = topology.EndpointsOf(name);
                var (health, address) = (RingRow.HealthOf(endpoints), endpoints.IsEmpty ? null : endpoints[0].Address);
                if ((health, address) != (row.Health, row.Address))
                {
                    next[name] = row with { Health = health, Address = address, Revision = sequence };
                }
            }
        }

        return next.ToImmutable();
    }

    // One outage is one change, not one for each attempt.
    private RingPageChange? ChangeOfConnection(RingMoment moment, long sequence)
    {
        var (was, now) = (Moment?.Topology.Freshness, moment.Topology.Freshness);
        var view = Moment?.View;
        return (was, now) switch
        {
            (not Freshness.Stale, Freshness.Stale { Interruption: var lost }) => Of(RingPageChangeKind.Stale, lost),
            (Freshness.Stale { Interruption: var lost }, Freshness.Live) => Of(RingPageChangeKind.Live, lost),
            _ => null,
        };

        RingPageChange Of(RingPageChangeKind kind, WatchInterruption lost) => new(sequence, moment.At, kind)
        {
            Cause = lost.Message,
            Since = lost.Since,
            Version = view?.Version ?? "",
            MemberCount = view?.Ring.Members.Length ?? 0,
        };
    }
}
