using System.Collections.Immutable;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>What the table shows: the last snapshot and what its history has left to see. Immutable; a fold over the snapshots.</summary>
/// <param name="Service">The Service that is watched.</param>
internal sealed record TableState(ServiceName Service)
{
    /// <summary>How long a change stays highlighted, and a removed member visible.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private const int MaxLog = 200;

    /// <summary>The last snapshot; null before the first.</summary>
    public ServiceTopology? Snapshot { get; private init; }

    /// <summary>When the first complete snapshot came; null before.</summary>
    public DateTimeOffset? SyncedAt { get; private init; }

    /// <summary>The last change of each member that has changed since the first complete snapshot and is still there.</summary>
    public ImmutableDictionary<string, MemberMark> Marks { get; private init; } =
        ImmutableDictionary<string, MemberMark>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The members removed lately.</summary>
    public ImmutableDictionary<string, MemberMark> Gone { get; private init; } =
        ImmutableDictionary<string, MemberMark>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The last events, newest first.</summary>
    public ImmutableList<LogEntry> Log { get; private init; } = [];

    /// <summary>The one endpoint whose ports all have; null when they differ, or when there are none.</summary>
    public TopologyEndpoint? SamePorts
    {
        get
        {
            var endpoints = Snapshot?.Endpoints ?? EndpointList.Empty;
            return endpoints is [{ Ports.IsEmpty: false } first, ..] && endpoints.All(e => e.Ports.SequenceEqual(first.Ports)) ? first : null;
        }
    }

    /// <summary>The state after another snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="now">When it came.</param>
    /// <returns>The next state.</returns>
    public TableState Next(ServiceTopology snapshot, DateTimeOffset now)
    {
        var wasSynced = Snapshot is { Freshness.IsSynced: true };
        var changes = wasSynced ? snapshot.DiffFrom(Snapshot) : TopologyDiff.Empty;
        return this with
        {
            Snapshot = snapshot,
            SyncedAt = SyncedAt ?? (snapshot.Freshness.IsSynced ? now : null),
            Marks = Mark(changes, now),
            Gone = Bury(changes, now),
            Log = Record(snapshot, changes, now),
        };
    }

    private ImmutableDictionary<string, MemberMark> Mark(TopologyDiff changes, DateTimeOffset now)
    {
        var marks = Marks.ToBuilder();
        foreach (var change in changes.Added)
        {
            marks[change.Member] = new MemberMark(ChangeKind.Added, now, change.Previous);
        }

        foreach (var change in changes.Updated)
        {
            // A member that has just appeared stays "added" while that is still highlighted.
            var isNew = marks.TryGetValue(change.Member, out var mark) && mark.Kind == ChangeKind.Added && mark.IsFresh(now);
            marks[change.Member] = new MemberMark(isNew ? ChangeKind.Added : ChangeKind.Updated, now, change.Previous);
        }

        marks.RemoveRange(changes.Removed.Select(c => c.Member));
        return marks.ToImmutable();
    }

    private ImmutableDictionary<string, MemberMark> Bury(TopologyDiff changes, DateTimeOffset now)
    {
        var gone = Gone.ToBuilder();
        gone.RemoveRange(Gone.Where(g => !g.Value.IsFresh(now)).Select(g => g.Key));
        foreach (var change in changes.Removed)
        {
            gone[change.Member] = new MemberMark(ChangeKind.Removed, now, change.Previous);
        }

        gone.RemoveRange(changes.Added.Select(c => c.Member));
        return gone.ToImmutable();
    }

    private ImmutableList<LogEntry> Record(ServiceTopology snapshot, TopologyDiff changes, DateTimeOffset now)
    {
        var entries = new List<LogEntry>();
        if (TextLines.Freshness(snapshot, Snapshot, now) is { } state)
        {
            // When the next try is stands above the table, where it counts down.
            entries.Add(snapshot.Freshness is Freshness.Stale { Interruption: var lost }
                ? new LogEntry(lost.Since, state.Sign, state.Style, "", "stale: " + TextLines.Message(lost))
                : new LogEntry(now, state.Sign, state.Style, "", state.Text));
        }

        var skipped = SkippedObjects.News(snapshot, Snapshot);
        entries.AddRange(skipped.Take(MaxLog).Select(s => new LogEntry(now, '?', Palette.Warn, "", SkippedObjects.Describe(s))));
        entries.AddRange(TextLines.All(changes).Take(MaxLog).Select(c => new LogEntry(
            now, c.Sign, c.Style, EndpointWords.Name(c.Change.Member), Describe(c.Sign, c.Change) + (c.Change.Inferred ? " (inferred)" : ""))));

        // A connection that stays lost is one entry, not one per attempt.
        var log = Snapshot?.Freshness is Freshness.Stale && snapshot.Freshness is Freshness.Stale && Log is [{ Sign: '!', Member: "" }, ..]
            ? Log.RemoveAt(0)
            : Log;
        entries.Reverse();
        log = log.InsertRange(0, entries);
        return log.Count > MaxLog ? log.RemoveRange(MaxLog, log.Count - MaxLog) : log;
    }

    private static string Describe(char sign, MemberChange change) => sign switch
    {
        '~' => EndpointWords.Difference(change, Glyphs.Unicode.Arrow),
        '+' => EndpointWords.Brief(change.Current),
        _ => EndpointWords.Brief(change.Previous),
    };
}
