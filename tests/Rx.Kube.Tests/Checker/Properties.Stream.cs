using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Checker;

internal static partial class Properties
{
    /// <summary>Every delivered object matches the selection.</summary>
    private static IEnumerable<Violation> P01_Matches(Trace trace, ClientTrace client, List<Step> steps)
    {
        var selection = trace.Schedule.Setup.Selection;
        bool Matches(EndpointSlice s) =>
            selection == 2 || (s.Metadata.Namespace == "default" && (selection == 0 || s.ServiceName == "a"));
        foreach (var step in steps)
        {
            var wrong = step.Event switch
            {
                WatchEvent<EndpointSlice>.Listed l => l.Items.FirstOrDefault(i => !Matches(i)),
                var e => StreamFold.ObjectOf(e) is { } o && !Matches(o) ? o : null,
            };
            if (wrong is not null)
            {
                yield return Of(nameof(P01_Matches), client, step.At, $"{Trace.Describe(step.Event)} is not selected");
            }
        }
    }

    /// <summary>Versions of object events grow.</summary>
    private static IEnumerable<Violation> P02_Ordered(Trace trace, ClientTrace client, List<Step> steps) =>
        from step in steps
        let version = StreamFold.VersionOf(step.Event)
        where version is not null && step.From.Length > 0 && trace.World.Read(version) < trace.World.Read(step.From)
        select Of(nameof(P02_Ordered), client, step.At, $"{Trace.Describe(step.Event)} after {step.From}");

    /// <summary>No event is delivered twice.</summary>
    private static IEnumerable<Violation> P03_Unique(Trace trace, ClientTrace client, List<Step> steps)
    {
        HashSet<(string, string, Type)> seen = [];
        foreach (var step in steps)
        {
            if (step.Event is WatchEvent<EndpointSlice>.Listed)
            {
                seen.Clear();
            }
            else if (StreamFold.ObjectOf(step.Event) is { } o
                && !seen.Add((o.Metadata.Uid, o.Metadata.ResourceVersion, step.Event.GetType())))
            {
                yield return Of(nameof(P03_Unique), client, step.At, $"{Trace.Describe(step.Event)} again");
            }
        }
    }

    /// <summary>No matching event lies between two delivered ones.</summary>
    private static IEnumerable<Violation> P04_Reliable(Trace trace, ClientTrace client, List<Step> steps) =>
        Missed(trace, client, steps, nameof(P04_Reliable), afterResume: false);

    /// <summary>After a resume the first event is the least one beyond the version.</summary>
    private static IEnumerable<Violation> P05_Resumable(Trace trace, ClientTrace client, List<Step> steps) =>
        Missed(trace, client, steps, nameof(P05_Resumable), afterResume: true);

    private static IEnumerable<Violation> Missed(Trace trace, ClientTrace client, List<Step> steps, string property, bool afterResume)
    {
        var (world, selection, last) = (trace.World, trace.Schedule.Setup.Selection, -1L);
        foreach (var step in steps)
        {
            var reached = step.Event is WatchEvent<EndpointSlice>.Bookmark b ? b.ResourceVersion : StreamFold.VersionOf(step.Event);
            if (reached is not null && step.From.Length > 0)
            {
                var (from, to) = (world.Read(step.From), world.Read(reached));
                var history = world.States;
                var isFirst = client.Requests.Any(r => r.IsWatch && r.Start > last && r.Start <= step.At);
                var missed = step.Event is WatchEvent<EndpointSlice>.Bookmark
                    ? history.Find(s => s.Version > from && s.Version <= to && s.TypeFor(selection) is not null)
                    : history.Find(s => s.Version > from && s.Version < to && s.TypeFor(selection) is not null);
                if (missed is not null && isFirst == afterResume)
                {
                    yield return Of(property, client, step.At, $"{missed.Version} is missing between {step.From} and {reached}");
                }

                last = step.At;
            }
        }
    }

    /// <summary>A bookmark makes no snapshot of another content.</summary>
    private static IEnumerable<Violation> P07_BookmarkKeepsState(Trace trace, ClientTrace client, List<Step> steps)
    {
        for (var i = 1; i < client.Snapshots.Count; i++)
        {
            var (before, now) = (client.Snapshots[i - 1], client.Snapshots[i]);
            if (now.AfterEvents > 0 && now.AfterEvents <= steps.Count && now.Hash != before.Hash
                && steps[now.AfterEvents - 1].Event is WatchEvent<EndpointSlice>.Bookmark)
            {
                yield return Of(nameof(P07_BookmarkKeepsState), client, now.At, $"{now.Snapshot} after {before.Snapshot}");
            }
        }
    }

    /// <summary>The stream's state and every snapshot are the server's state at their version.</summary>
    private static IEnumerable<Violation> P08_SnapshotIsState(Trace trace, ClientTrace client, List<Step> steps)
    {
        var (world, selection) = (trace.World, trace.Schedule.Setup.Selection);
        foreach (var step in steps)
        {
            if (step.Synced && step.Event is not WatchEvent<EndpointSlice>.Listed
                && (StreamFold.VersionOf(step.Event) ?? "") == step.Version
                && !world.At(world.Read(step.Version)).Any(s => s.Hash(selection) == step.Hash))
            {
                yield return Of(
                    nameof(P08_SnapshotIsState), client, step.At,
                    $"after {Trace.Describe(step.Event)} the stream is not at {step.Version}");
                yield break;
            }
        }

        foreach (var seen in client.Snapshots)
        {
            if (seen.Snapshot.Freshness.IsSynced
                && !world.At(world.Read(seen.Snapshot.Version)).Any(s => s.IsSpoiled(selection) || s.EndpointHash(selection) == seen.Hash))
            {
                yield return Of(
                    nameof(P08_SnapshotIsState), client, seen.At,
                    $"not the state at {seen.Snapshot.Version}: {Text(seen.Snapshot)}");
                yield break;
            }
        }
    }

    /// <summary>
    /// Every snapshot is what the stream says until then: an object that cannot be decoded keeps its last good state, and is named.
    /// </summary>
    private static IEnumerable<Violation> P08_SnapshotIsTheFold(Trace trace, ClientTrace client, List<Step> steps)
    {
        foreach (var seen in client.Snapshots)
        {
            if (!seen.Snapshot.Freshness.IsSynced || seen.AfterEvents == 0 || seen.AfterEvents > steps.Count)
            {
                continue;
            }

            var step = steps[seen.AfterEvents - 1];
            if (step.Endpoints != seen.Hash || step.Spoiled != seen.Snapshot.Skipped.Length)
            {
                yield return Of(
                    nameof(P08_SnapshotIsTheFold), client, seen.At,
                    $"after {Trace.Describe(step.Event)}, with {step.Spoiled} that cannot be decoded: {Text(seen.Snapshot)}");
                yield break;
            }
        }
    }

    /// <summary>Every change of the stream makes a snapshot, at the version of the stream.</summary>
    private static IEnumerable<Violation> P08_SnapshotFollowsStream(Trace trace, ClientTrace client, List<Step> steps)
    {
        var heard = client.Snapshots.Select(s => s.AfterEvents).ToHashSet();
        for (var i = 0; i < steps.Count; i++)
        {
            if (i > 0 && steps[i].Hash != steps[i - 1].Hash && !heard.Contains(i + 1) && steps[i].At < (client.Over ?? long.MaxValue))
            {
                yield return Of(
                    nameof(P08_SnapshotFollowsStream), client, steps[i].At,
                    $"no snapshot after {Trace.Describe(steps[i].Event)}");
            }
        }

        foreach (var seen in client.Snapshots)
        {
            if (seen.Snapshot.Freshness.IsSynced && seen.AfterEvents > 0 && seen.AfterEvents <= steps.Count
                && trace.Schedule.Setup.Opaque == 0 && steps[seen.AfterEvents - 1].Version != seen.Snapshot.Version)
            {
                yield return Of(
                    nameof(P08_SnapshotFollowsStream), client, seen.At,
                    $"snapshot at {seen.Snapshot.Version}, stream at {steps[seen.AfterEvents - 1].Version}");
            }
        }
    }

    /// <summary>A list is the whole state at its version.</summary>
    private static IEnumerable<Violation> P09_ListIsWhole(Trace trace, ClientTrace client, List<Step> steps)
    {
        var (world, selection) = (trace.World, trace.Schedule.Setup.Selection);
        return from step in steps
               where step.Event is WatchEvent<EndpointSlice>.Listed
                   && !world.At(world.Read(step.Version)).Any(s => s.Hash(selection) == step.Hash)
               select Of(nameof(P09_ListIsWhole), client, step.At, $"{Trace.Describe(step.Event)} is no state");
    }

    /// <summary>A list is published once, when its last page has arrived, and all its pages have its version.</summary>
    private static IEnumerable<Violation> P09_ListIsPublishedOnce(Trace trace, ClientTrace client, List<Step> steps)
    {
        List<(long At, string Version)> complete = [];
        string? version = null;
        foreach (var request in client.Requests)
        {
            foreach (var line in request.Lines)
            {
                if (line.Type == "END" || (line.Type == "LIST" && request.Continue is null))
                {
                    version = line.Version;
                }

                var isWhole = line.Type == "END" || (line.Type == "LIST" && request.Next.Length == 0);
                if (isWhole && line.Version == version)
                {
                    complete.Add((line.At, line.Version));
                }
            }
        }

        foreach (var step in steps)
        {
            if (step.Event is WatchEvent<EndpointSlice>.Listed listed)
            {
                var at = complete.FindIndex(c => c.Version == listed.ResourceVersion && c.At <= step.At);
                if (at < 0)
                {
                    yield return Of(
                        nameof(P09_ListIsPublishedOnce), client, step.At,
                        $"{Trace.Describe(step.Event)}, which no complete list was");
                }
                else
                {
                    complete.RemoveAt(at);
                }
            }
        }
    }

    /// <summary>Versions never go back, unless the server did.</summary>
    private static IEnumerable<Violation> P10_NoTimeTravel(Trace trace, ClientTrace client, List<Step> steps)
    {
        if (trace.Schedule.Setup.Opaque == 1)
        {
            yield break;
        }

        var restored = trace.Schedule.Actions.Where(a => a.Kind == ActionKind.Restore).Select(a => a.At).DefaultIfEmpty(int.MaxValue).Min();
        foreach (var step in steps)
        {
            if (step.At < restored && step.From.Length > 0 && trace.World.Read(step.Version) < trace.World.Read(step.From))
            {
                yield return Of(nameof(P10_NoTimeTravel), client, step.At, $"{Trace.Describe(step.Event)} after {step.From}");
            }
        }

        var last = -1L;
        foreach (var seen in client.Snapshots.Where(s => s.Snapshot.Freshness.IsSynced && s.At < restored))
        {
            var version = trace.World.Read(seen.Snapshot.Version);
            if (version < last)
            {
                yield return Of(nameof(P10_NoTimeTravel), client, seen.At, $"a snapshot at {version} after {last}");
            }

            last = version;
        }
    }

    /// <summary>A list says whether it is the first one, and whether it goes back.</summary>
    private static IEnumerable<Violation> P10_GoingBackIsSaid(Trace trace, ClientTrace client, List<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step.Event is not WatchEvent<EndpointSlice>.Listed { Continuity: var said })
            {
                continue;
            }

            var isOlder = trace.Schedule.Setup.Opaque == 0 && trace.World.Read(step.Version) < trace.World.Read(step.From);
            var right = step.From.Length == 0 ? Continuity.First : isOlder ? Continuity.WentBack : Continuity.Relisted;
            if (said != right)
            {
                yield return Of(nameof(P10_GoingBackIsSaid), client, step.At, $"{said}, and {step.Version} comes after {step.From}");
            }
        }
    }

    /// <summary>The difference of two snapshots turns one into the other; a new uid is a change that shows both.</summary>
    private static IEnumerable<Violation> P12_Differences(Trace trace, ClientTrace client, List<Step> steps)
    {
        for (var i = 1; i < client.Snapshots.Count; i++)
        {
            if (client.Snapshots[i].Hash == client.Snapshots[i - 1].Hash)
            {
                continue;
            }

            var (before, now) = (client.Snapshots[i - 1].Snapshot, client.Snapshots[i].Snapshot);
            foreach (var name in now.Names.Union(before.Names))
            {
                var (old, current) = (before[name], now[name]);
                var diff = current.DiffFrom(old);
                var members = old.Endpoints.Select(e => e.Member).ToHashSet();
                members.ExceptWith(diff.Removed.Select(c => c.Member));
                members.UnionWith(diff.Added.Select(c => c.Member));
                var changed = diff.Added.Concat(diff.Removed).Concat(diff.Updated).Select(c => c.Member).ToList();
                var uids = old.Endpoints.Join(current.Endpoints, e => e.Member, e => e.Member, (a, b) => (a.Member, Same: a.Uid == b.Uid));
                if (!members.SetEquals(current.Endpoints.Select(e => e.Member)) || changed.Count != changed.Distinct().Count()
                    || uids.Any(u => !u.Same && !changed.Contains(u.Member)))
                {
                    yield return Of(nameof(P12_Differences), client, client.Snapshots[i].At, $"{Text(before)} -> {Text(now)}: {diff}");
                }
            }
        }
    }

    /// <summary>A published snapshot never changes.</summary>
    private static IEnumerable<Violation> P13_SnapshotsStay(Trace trace, ClientTrace client, List<Step> steps) =>
        from seen in client.Snapshots
        where SnapshotHash.Of(seen.Snapshot) != seen.Hash
        select Of(nameof(P13_SnapshotsStay), client, seen.At, $"{seen.Snapshot} was another one");

    /// <summary>The ring depends on the last snapshot alone, however the stream came there; sampled, because rings are large.</summary>
    private static IEnumerable<Violation> P15_RingIsAFunction(Trace trace, ClientTrace client, List<Step> steps)
    {
        if (trace.Schedule.Setup.Jitter % 32 != 0 || client.Snapshots.Count == 0)
        {
            yield break;
        }

        var service = new ServiceName("default", "a");
        var all = client.Snapshots.Select(s => s.Snapshot[service]).ToList();
        if (!all[^1].Freshness.IsSynced)
        {
            yield break;
        }

        var (grown, fresh) = (Ring(all), Ring([all[^1]]));
        if (grown?.Fingerprint != fresh?.Fingerprint)
        {
            yield return Of(nameof(P15_RingIsAFunction), client, trace.Horizon, $"{grown} is not {fresh} of {all[^1]}");
        }

        HashRing<RingMember>? Ring(List<ServiceTopology> topologies)
        {
            HashRing<RingMember>? last = null;
            using var subscription = topologies.ToObservable(System.Reactive.Concurrency.ImmediateScheduler.Instance)
                .ToHashRing().Subscribe(r => last = r);
            return last;
        }
    }

    private static string Text(ClusterTopology t) => $"{t.Version} {t.Freshness} [{string.Join("; ", t.Services)}]";
}
