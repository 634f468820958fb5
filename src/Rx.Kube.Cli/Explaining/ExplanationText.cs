using System.Collections.Immutable;
using System.Globalization;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Explaining;

/// <summary>An explanation for people.</summary>
internal static class ExplanationText
{
    private const int MostNames = 5;

    /// <summary>The lines.</summary>
    /// <param name="e">The explanation.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Lines(Explanation e)
    {
        var topology = e.Topology;
        yield return Fact("key", EndpointWords.Name(e.Key));
        yield return Fact("hash", e.Hash.ToString());
        yield return Fact("ring", $"{EndpointWords.Name(topology.Namespace)}/{EndpointWords.Name(topology.Service)}")
            .Add($", version {EndpointWords.Name(topology.Version)}, {topology.Freshness}");
        yield return Fact("", $"{Words.Count(e.Ring.Members.Length, "member")}, {e.Ring.Layout}");
        yield return Fact("fingerprint", RingJson.Hash(e.Ring.Fingerprint));
        if (e.Replicas is not [var owner, ..] || e.Token is not { } token)
        {
            yield return Fact("owner", "nobody: the Service has no members");
            yield break;
        }

        yield return Fact("token", $"{RingJson.Hash(token)} of {EndpointWords.Name(owner.Member.Name)}")
            .Add(token < e.Hash.Value ? ": the first of all, as none comes after the key" : "");
        yield return Fact("range", string.Create(
            CultureInfo.InvariantCulture, $"{e.Range}, {(double)e.Range.Length / Math.Pow(2, 64) * 100:0.0000}% of the keys"));
        yield return Fact("owner", EndpointWords.Name(owner.Member.Name), Palette.Strong).Add("  " + Where(owner.Member, owner.Endpoints));
        yield return e.Next is { } next
            ? Fact("if it left", EndpointWords.Name(next.Name)).Add("  " + Where(next, topology.Endpoints.Of(next.Name)))
            : Fact("if it left", "nobody");
        if (e.Asked == 1)
        {
            yield break;
        }

        var names = e.Replicas.Max(r => EndpointWords.Name(r.Member.Name).GetCellWidth());
        var places = e.Replicas.Max(r => Where(r.Member, r.Endpoints).GetCellWidth());
        foreach (var (rank, replica) in e.Replicas.Index())
        {
            var line = Fact(rank == 0 ? "replicas" : "", string.Create(CultureInfo.InvariantCulture, $"{rank}  "))
                .Add(EndpointWords.Name(replica.Member.Name), Palette.Strong);
            yield return line.PadTo(16 + names).Add("  ").Add(Where(replica.Member, replica.Endpoints))
                .PadTo(18 + names + places).Add("  " + Why(replica, rank), Palette.Quiet);
        }

        if (e.Replicas.Length < e.Asked)
        {
            yield return Fact("", $"{e.Asked} were asked for: there are only {Words.Count(e.Replicas.Length, "member")}", Palette.Warn);
        }
    }

    /// <summary>Why a replica is one.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="rank">Which one.</param>
    /// <returns>The words.</returns>
    public static string Why(ExplainedReplica replica, int rank) => replica switch
    {
        _ when rank == 0 => "owns the range",
        { PassedOver: [] } => "next on the ring",
        _ => $"zone spread, past {Names(replica.PassedOver)}",
    };

    private static string Names(ImmutableArray<RingMember> members) =>
        string.Join(", ", members.Take(MostNames).Select(m => $"{EndpointWords.Name(m.Name)} ({RingWords.Zone(m.Zone)})")) +
        (members.Length > MostNames ? $" and {members.Length - MostNames} more" : "");

    private static string Where(RingMember member, EquatableArray<TopologyEndpoint> endpoints) =>
        string.Join("; ", endpoints.Select(e => $"{EndpointWords.State(e)} {EndpointWords.Addresses(e)}")) + " zone " + RingWords.Zone(member.Zone);

    private static Line Fact(string what, string value, Style? style = null) =>
        new Line().Add(what, Palette.Quiet).PadTo(13).Add(value, style);
}
