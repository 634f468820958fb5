using System.Collections.Immutable;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Rings;

/// <summary>Represents the state of the table of a ring. Immutable; a fold over the rings.</summary>
/// <param name="Service">The watched Service.</param>
/// <param name="Settings">The number of replicas and the member of <c>--self</c>.</param>
internal sealed record RingState(ServiceName Service, RingSettings Settings)
{
    private const int MaxLog = 200;

    /// <summary>Gets what to do when there is no such Service, escaped; null if that is unknown.</summary>
    public string? Hint { get; init; }

    /// <summary>Gets the last snapshot; null before the first one.</summary>
    public RingSnapshot? Snapshot { get; private init; }

    /// <summary>Gets the share of each member, in the order of the members.</summary>
    public ImmutableArray<MemberShare<RingMember>> Shares { get; private init; } = [];

    /// <summary>Gets what a frame needs of all shares.</summary>
    public RingExtremes Extremes { get; private init; } = RingExtremes.Of([]);

    /// <summary>Gets the time at which members joined, for members that joined recently.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Joined { get; private init; } =
        ImmutableDictionary<string, DateTimeOffset>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Gets the log, newest entry first.</summary>
    public ImmutableList<LogEntry> Log { get; private init; } = [];

    /// <summary>Gets the state after the next snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="now">The time of its arrival.</param>
    /// <returns>The next state.</returns>
    public RingState Next(RingSnapshot snapshot, DateTimeOffset now)
    {
        var (ring, before) = (snapshot.Ring, Snapshot?.Ring);
        var log = Record(snapshot, now);
        if (ring is null || ReferenceEquals(ring, before))
        {
            return this with { Snapshot = snapshot, Log = log };
        }

        var shares = ring.Shares();
        var next = this with { Snapshot = snapshot, Shares = shares, Extremes = RingExtremes.Of(shares), Log = log };
        if (before is null)
        {
            return RingFormat.MissingSelf(ring, Settings) is { } warning
                ? next with { Log = log.Insert(0, new LogEntry(now, '?', Palette.Warn, "", warning)) }
                : next;
        }

        var change = RingChange.Of(ring, before, Settings);
        var entry = new LogEntry(
            now, '~', Palette.Updated, RingFormat.Membership(change, Glyphs.Unicode.Arrow),
            RingFormat.Moved(change) + RingFormat.Self(change, ring));
        log = log.Insert(0, entry);
        return next with
        {
            Joined = Joined.RemoveRange(Joined.Where(m => now - m.Value >= TableState.Linger).Select(m => m.Key))
                .RemoveRange(change.Left.Select(m => m.Name))
                .SetItems(change.Joined.Select(m => KeyValuePair.Create(m.Name, now))),
            Log = log.Count > MaxLog ? log.RemoveRange(MaxLog, log.Count - MaxLog) : log,
        };
    }

    private ImmutableList<LogEntry> Record(RingSnapshot snapshot, DateTimeOffset now)
    {
        var freshness = snapshot.Ring is null ? TextLines.Freshness(snapshot.Topology, Snapshot?.Topology, now)
            : RingFormat.Freshness(snapshot, Snapshot, now);
        if (freshness is not { } state)
        {
            return Log;
        }

        // The header shows the time until the next attempt. One outage is one entry, not one entry per attempt.
        var isStale = snapshot.Topology.Freshness is Freshness.Stale;
        var log = isStale && Snapshot?.Topology.Freshness is Freshness.Stale && Log is [{ Sign: '!' }, ..] ? Log.RemoveAt(0) : Log;
        return log.Insert(0, snapshot.Topology.Freshness is Freshness.Stale { Interruption: var lost }
            ? new LogEntry(lost.Since, state.Sign, state.Style, "", "stale: " + TextLines.Message(lost))
            : new LogEntry(now, state.Sign, state.Style, "", state.Text));
    }
}

/// <summary>Represents what a frame needs of all shares: computed once for each ring.</summary>
/// <param name="MemberWidth">The width of the longest name, in cells.</param>
/// <param name="ZoneWidth">The width of the longest zone, in cells.</param>
/// <param name="Largest">The largest share, or ideal share.</param>
/// <param name="Peak">The largest share, divided by its ideal.</param>
internal sealed record RingExtremes(int MemberWidth, int ZoneWidth, double Largest, double Peak)
{
    /// <summary>Computes them.</summary>
    /// <param name="shares">The shares.</param>
    /// <returns>The extremes; zeros without members.</returns>
    public static RingExtremes Of(ImmutableArray<MemberShare<RingMember>> shares)
    {
        var (members, zones, largest, peak) = (0, 0, 0.0, 0.0);
        foreach (var (member, share, ideal) in shares)
        {
            members = Math.Max(members, EndpointFormat.Name(member.Name).GetCellWidth());
            zones = Math.Max(zones, RingFormat.Zone(member.Zone).GetCellWidth());
            (largest, peak) = (Math.Max(largest, Math.Max(share, ideal)), Math.Max(peak, share / ideal));
        }

        return new(members, zones, largest, peak);
    }
}
