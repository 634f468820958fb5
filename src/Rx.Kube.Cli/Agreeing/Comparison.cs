using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Compares what processes believe about one Service with the API server, and with one another.</summary>
internal static class Comparison
{
    /// <summary>Compares with the API server.</summary>
    /// <param name="beliefs">What each process believes.</param>
    /// <param name="server">What the API server said so far.</param>
    /// <param name="now">The time.</param>
    /// <returns>A verdict for each process.</returns>
    public static IReadOnlyList<Verdict> WithServer(
        IReadOnlyList<(Uri Process, Belief Belief)> beliefs, ServerHistory server, DateTimeOffset now)
    {
        var latest = server.Latest;
        var usual = UsualPlacement(beliefs);
        return [.. beliefs.Select(b => Of(b.Process, b.Belief, latest, server, now, usual))];
    }

    /// <summary>Compares processes with the one that has the newest version, because the API server cannot be asked.</summary>
    /// <param name="beliefs">What each process believes.</param>
    /// <returns>A verdict for each process.</returns>
    public static IReadOnlyList<Verdict> WithNewest(IReadOnlyList<(Uri Process, Belief Belief)> beliefs)
    {
        var newest = beliefs.Where(b => b.Belief.IsSynced).Aggregate(
            (Belief?)null, (best, b) => best is null || ResourceVersion.IsOlder(best.Version, b.Belief.Version) ? b.Belief : best);
        return
        [
            .. beliefs.Select(b => !b.Belief.IsSynced ? Syncing(b.Process, b.Belief)
                : b.Belief.Fingerprint == newest!.Fingerprint ? new Verdict(b.Process, Agreement.Agrees, "") { Belief = b.Belief }
                : ResourceVersion.IsOlder(b.Belief.Version, newest.Version)
                    ? new Verdict(b.Process, Agreement.Behind, $"behind a process at version {newest.Version}, with another ring")
                    {
                        Belief = b.Belief,
                    }
                    : new Verdict(b.Process, Agreement.Differs, "another ring than a process at the same version") { Belief = b.Belief }),
        ];
    }

    private static Verdict Of(
        Uri process, Belief belief, ServiceTopology latest, ServerHistory server, DateTimeOffset now, (string Layout, int Replicas)? usual)
    {
        if (!belief.IsSynced)
        {
            return Syncing(process, belief);
        }

        var endpoints = EndpointDifferences.Of(belief, latest);
        var placement = Placement(belief, latest, endpoints, usual);
        var count = belief.EndpointCount == latest.Endpoints.Count
            ? ""
            : $"has {HumanFormat.Count(belief.EndpointCount, "endpoint")}, the API server has {latest.Endpoints.Count}";
        if (endpoints.AreNone && placement.Length == 0 && count.Length == 0)
        {
            var note = LayoutOf(belief, latest) is null ? $"its ring, {belief.Ring!.Layout}, was not compared" : "";
            return new(process, Agreement.Agrees, note) { Belief = belief, Endpoints = endpoints };
        }

        var isBehind = ResourceVersion.IsOlder(belief.Version, latest.Version);
        var behind = isBehind ? now - server.FirstAfter(belief.Version) : null;
        string[] texts =
        [
            isBehind ? $"{BehindBy(behind)}, the API server is at version {latest.Version}" : "",
            endpoints.AreNone ? count : $"{endpoints}", placement,
        ];
        return new(process, isBehind ? Agreement.Behind : Agreement.Differs, string.Join("; ", texts.Where(t => t.Length > 0)))
        {
            Belief = belief,
            Behind = behind,
            Endpoints = endpoints,
        };
    }

    private static string BehindBy(TimeSpan? behind) => behind is { } time ? $"behind by {HumanFormat.Span(time)}" : "behind";

    private static Verdict Syncing(Uri process, Belief belief) =>
        new(process, Agreement.Syncing, "it has no complete list yet") { Belief = belief };

    /// <summary>Finds out why the ring of a process is not the one of the API server's members; empty if it is.</summary>
    private static string Placement(
        Belief belief, ServiceTopology latest, EndpointDifferences endpoints, (string Layout, int Replicas)? usual)
    {
        if (belief.Ring is not { } ring)
        {
            return endpoints.AreNone ? "it has no ring yet" : "";
        }

        if (usual is { } others && (ring.Layout, ring.Replicas) != others)
        {
            return $"its ring is {Described((ring.Layout, ring.Replicas))}, the others have {Described(others)}";
        }

        if (!endpoints.Missing.IsEmpty || !endpoints.Extra.IsEmpty || LayoutOf(belief, latest) is not { } layout)
        {
            return ""; // another ring follows from other members
        }

        var expected = RingsOf(latest, layout);
        return expected.Any(r => RingJson.Hash(r.Fingerprint) == ring.Fingerprint
            && RingJson.Hash(new ReplicatedRing<RingMember>(r, Math.Max(1, ring.Replicas)).Fingerprint) == belief.Fingerprint)
            ? ""
            : RingText(ring, latest);
    }

    private static RingLayout? LayoutOf(Belief belief, ServiceTopology latest) => Layouts.Of(belief.Ring!.Layout, latest.Endpoints.Count);

    private static string RingText(BelievedRing ring, ServiceTopology latest)
    {
        var names = latest.Members.ToHashSet(StringComparer.Ordinal);
        EquatableArray<string> held = [.. ring.Members.Where(name => !names.Contains(name))];
        return held.IsEmpty
            ? "its ring is another one, of the same members: their weights, zones or identities differ"
            : $"{new EndpointDifferences([], held, [])} in its ring, but not in its snapshot (an option such as HoldDepartures)";
    }

    /// <summary>
    /// Gets the rings that fit a snapshot: with all members or without terminating ones (LeaveWhenTerminating), over zones or not.
    /// </summary>
    private static List<HashRing<RingMember>> RingsOf(ServiceTopology topology, RingLayout layout)
    {
        var rings = new List<HashRing<RingMember>>();
        var snapshot = Observable.Return(topology, ImmediateScheduler.Instance);
        var over = new HashRingOptions { Layout = layout, SpreadOverZones = true };
        var notOver = over with { SpreadOverZones = false };
        var all = new[] { snapshot, snapshot.WhereNotTerminating() }.SelectMany(s => new[] { s.ToHashRing(over), s.ToHashRing(notOver) });
        using var subscription = all.Concat().Subscribe(rings.Add, _ => { });
        return rings;
    }

    private static (string Layout, int Replicas)? UsualPlacement(IReadOnlyList<(Uri Process, Belief Belief)> beliefs)
    {
        var usual = beliefs.Select(b => b.Belief.Ring).OfType<BelievedRing>().CountBy(r => (r.Layout, r.Replicas))
            .OrderByDescending(group => group.Value).Take(2).ToList();
        return usual.Count == 0 || (usual.Count == 2 && usual[0].Value == usual[1].Value) ? null : usual[0].Key;
    }

    private static string Described((string Layout, int Replicas) placement) =>
        $"{placement.Layout} with {HumanFormat.Count(placement.Replicas, "replica")}";
}
