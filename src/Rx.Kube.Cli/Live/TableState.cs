using System.Collections.Immutable;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Represents the state of the table: the last snapshot and the recent changes. Immutable; a fold over the snapshots.</summary>
/// <param name="Service">The watched Service.</param>
internal sealed record TableState(ServiceName Service)
{
    /// <summary>Specifies how long a change stays highlighted and a removed member stays visible.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private const int MaxLog = 200;

    /// <summary>The maximum number of removed members that stay visible. A screen shows fewer.</summary>
    private const int MaxGone = 1_000;

    /// <summary>Gets what to do when there is no such Service, escaped; null if that is unknown.</summary>
    public string? Hint { get; init; }

    /// <summary>Gets the last snapshot; null before the first one.</summary>
    public ServiceTopology? Snapshot { get; private init; }

    /// <summary>Gets the time of the first complete snapshot; null before it.</summary>
    public DateTimeOffset? SyncedAt { get; private init; }

    /// <summary>Gets the last change of each present member that changed since the first complete snapshot.</summary>
    public ImmutableDictionary<string, MemberMark> Marks { get; private init; } =
        ImmutableDictionary<string, MemberMark>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Gets the members that were removed recently.</summary>
    public ImmutableDictionary<string, MemberMark> Gone { get; private init; } =
        ImmutableDictionary<string, MemberMark>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Gets the members that changed recently, removed ones included. A frame does not look at the others.</summary>
    public ImmutableSortedSet<string> Recent { get; private init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Gets the log, newest entry first.</summary>
    public ImmutableList<LogEntry> Log { get; private init; } = [];

    /// <summary>Gets an endpoint whose ports equal the ports of all endpoints; null when the ports differ or there are none.</summary>
    public TopologyEndpoint? SamePorts { get; private init; }

    /// <summary>Gets the state after the next snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="now">The time of its arrival.</param>
    /// <returns>The next state.</returns>
    public TableState Next(ServiceTopology snapshot, DateTimeOffset now)
    {
        var wasSynced = Snapshot is { Freshness.IsSynced: true };
        var changes = wasSynced ? snapshot.DiffFrom(Snapshot) : TopologyDiff.Empty;
        var (marks, gone) = (Mark(changes, now), KeepRemoved(changes, now));
        return this with
        {
            Snapshot = snapshot,
            SyncedAt = SyncedAt ?? (snapshot.Freshness.IsSynced ? now : null),
            SamePorts = ReferenceEquals(snapshot.Endpoints, Snapshot?.Endpoints) ? SamePorts : SamePortsOf(snapshot.Endpoints),
            Marks = marks,
            Gone = gone,
            Recent = Recent.Except(Recent.Where(m => !IsFresh(m, marks, gone, now))).Union(Changed(changes)),
            Log = Record(snapshot, changes, now),
        };
    }

    /// <summary>Checks whether the last change of a member is recent.</summary>
    /// <param name="member">The member.</param>
    /// <param name="now">The time.</param>
    /// <returns>True if it is.</returns>
    public bool IsFresh(string member, DateTimeOffset now) => IsFresh(member, Marks, Gone, now);

    private static bool IsFresh(
        string member, ImmutableDictionary<string, MemberMark> marks, ImmutableDictionary<string, MemberMark> gone, DateTimeOffset now) =>
        (marks.GetValueOrDefault(member) ?? gone.GetValueOrDefault(member))?.IsFresh(now) == true;

    private static IEnumerable<string> Changed(TopologyDiff changes) =>
        changes.Added.Concat(changes.Updated).Concat(changes.Removed).Select(c => c.Member);

    private static TopologyEndpoint? SamePortsOf(EndpointList endpoints) =>
        endpoints is [{ Ports.IsEmpty: false } first, ..] && endpoints.All(e => EndpointFormat.HaveSamePorts(first, e)) ? first : null;

    private ImmutableDictionary<string, MemberMark> Mark(TopologyDiff changes, DateTimeOffset now)
    {
        var marks = Marks.ToBuilder();
        foreach (var change in changes.Added)
        {
            marks[change.Member] = new MemberMark(ChangeKind.Added, now, change.Previous);
        }

        foreach (var change in changes.Updated)
        {
            // An update does not replace a mark "added" that is still highlighted.
            var isNew = marks.TryGetValue(change.Member, out var mark) && mark.Kind == ChangeKind.Added && mark.IsFresh(now);
            marks[change.Member] = new MemberMark(isNew ? ChangeKind.Added : ChangeKind.Updated, now, change.Previous);
        }

        marks.RemoveRange(changes.Removed.Select(c => c.Member));
        return marks.ToImmutable();
    }

    private ImmutableDictionary<string, MemberMark> KeepRemoved(TopologyDiff changes, DateTimeOffset now)
    {
        var gone = Gone.ToBuilder();
        gone.RemoveRange(Gone.Where(g => !g.Value.IsFresh(now)).Select(g => g.Key));
        foreach (var change in changes.Removed.Take(Math.Max(0, MaxGone - gone.Count)))
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
            // The header shows the time until the next attempt.
            entries.Add(snapshot.Freshness is Freshness.Stale { Interruption: var lost }
                ? new LogEntry(lost.Since, state.Sign, state.Style, "", "stale: " + TextLines.Message(lost))
                : new LogEntry(now, state.Sign, state.Style, "", state.Text));
        }

        var skipped = SkippedObjects.News(snapshot, Snapshot);
        entries.AddRange(skipped.Take(MaxLog).Select(s => new LogEntry(now, '?', Palette.Warn, "", SkippedObjects.Describe(s))));
        entries.AddRange(TextLines.All(changes).Take(MaxLog).Select(c => new LogEntry(
            now, c.Sign, c.Style, EndpointFormat.Name(c.Change.Member),
            Describe(c.Sign, c.Change) + (c.Change.Inferred ? " (inferred)" : ""))));

        // One outage is one entry, not one entry per attempt.
        var log = Snapshot?.Freshness is Freshness.Stale && snapshot.Freshness is Freshness.Stale && Log is [{ Sign: '!', Member: "" }, ..]
            ? Log.RemoveAt(0)
            : Log;
        entries.Reverse();
        log = log.InsertRange(0, entries);
        return log.Count > MaxLog ? log.RemoveRange(MaxLog, log.Count - MaxLog) : log;
    }

    private static string Describe(char sign, MemberChange change) => sign switch
    {
        '~' => EndpointFormat.Difference(change, Glyphs.Unicode.Arrow),
        '+' => EndpointFormat.Brief(change.Current),
        _ => EndpointFormat.Brief(change.Previous),
    };
}
