using System.Collections.Immutable;
using System.Globalization;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Explaining;

/// <summary>Formats an explanation as readable lines.</summary>
internal static class ExplanationText
{
    /// <summary>The width of the first column.</summary>
    private const int Indent = 13;

    /// <summary>Where the name of a replica begins, after its rank.</summary>
    private const int ReplicaIndent = 16;

    private const int MostNames = 5;

    /// <summary>Formats the lines. A reason that does not fit beside its replica stands below it.</summary>
    /// <param name="e">The explanation.</param>
    /// <param name="host">The terminal, if there is one.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Lines(Explanation e, CliHost host) => Facts(e).WrapFor(host, Indent)
        .Concat(Replicas(e, host.IsTerminal ? host.Size().Width : int.MaxValue).WrapFor(host, ReplicaIndent));

    private static IEnumerable<Line> Facts(Explanation e)
    {
        var topology = e.Topology;
        yield return Fact("key", EndpointFormat.Name(e.Key));
        yield return Fact("hash", e.Hash.ToString());
        yield return Fact("ring", $"{EndpointFormat.Name(topology.Namespace)}/{EndpointFormat.Name(topology.Service)}")
            .Add($", version {EndpointFormat.Name(topology.Version)}, {topology.Freshness}");
        yield return Fact("", $"{HumanFormat.Count(e.Ring.Members.Length, "member")}, {e.Ring.Layout}");
        yield return Fact("fingerprint", RingJson.Hash(e.Ring.Fingerprint));
        if (e.Replicas is not [var owner, ..] || e.Token is not { } token)
        {
            yield return Fact("owner", $"none: {PresenceText.OfMemberless(topology) ?? "the Service has no members"}");
            yield break;
        }

        yield return Fact("token", $"{RingJson.Hash(token)} of {EndpointFormat.Name(owner.Member.Name)}")
            .Add(token < e.Hash.Value ? ": the first token of the ring, because no token follows the key" : "");
        yield return Fact("range", string.Create(
            CultureInfo.InvariantCulture, $"{e.Range}, {(double)e.Range.Length / Math.Pow(2, 64) * 100:0.0000}% of the keys"));
        yield return Fact("owner", EndpointFormat.Name(owner.Member.Name), Palette.Strong).Add("  " + Where(owner.Member, owner.Endpoints));
        yield return e.Next is { } next
            ? Fact("if it left", e.Hold == TimeSpan.Zero ? "" : $"the same for {HumanFormat.Span(e.Hold)} (--hold), then ")
                .Add(EndpointFormat.Name(next.Name)).Add("  " + Where(next, topology.Endpoints.Of(next.Name)))
            : Fact("if it left", "none");
    }

    private static IEnumerable<Line> Replicas(Explanation e, int width)
    {
        if (e.Asked == 1 || e.Replicas.IsEmpty)
        {
            yield break;
        }

        var names = e.Replicas.Max(r => EndpointFormat.Name(r.Member.Name).GetCellWidth());
        var places = e.Replicas.Max(r => Where(r.Member, r.Endpoints).GetCellWidth());
        var reasons = e.Replicas.Index().Max(r => Why(r.Item, r.Index).GetCellWidth());
        var isBeside = ReplicaIndent + names + 2 + places + 2 + reasons <= width;
        foreach (var (rank, replica) in e.Replicas.Index())
        {
            var line = Fact(rank == 0 ? "replicas" : "", string.Create(CultureInfo.InvariantCulture, $"{rank}  "))
                .Add(EndpointFormat.Name(replica.Member.Name), Palette.Strong);
            line.PadTo(ReplicaIndent + names).Add("  ").Add(Where(replica.Member, replica.Endpoints));
            if (isBeside)
            {
                yield return line.PadTo(ReplicaIndent + names + 2 + places).Add("  " + Why(replica, rank), Palette.Quiet);
                continue;
            }

            yield return line;
            yield return new Line().PadTo(ReplicaIndent).Add(Why(replica, rank), Palette.Quiet);
        }

        if (e.Replicas.Length < e.Asked)
        {
            var verb = e.Replicas.Length == 1 ? "is" : "are";
            var members = HumanFormat.Count(e.Replicas.Length, "member");
            yield return Fact("", $"{e.Asked} replicas requested, but there {verb} only {members}", Palette.Warn);
        }
    }

    /// <summary>Gets the reason for the choice of a replica.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="rank">The rank of the replica; 0 is the owner.</param>
    /// <returns>The text.</returns>
    public static string Why(ExplainedReplica replica, int rank) => replica switch
    {
        _ when rank == 0 => "owns the range",
        { PassedOver: [] } => "next on the ring",
        _ => $"zone spread, skips {Names(replica.PassedOver)}",
    };

    private static string Names(ImmutableArray<RingMember> members) =>
        string.Join(", ", members.Take(MostNames).Select(m => $"{EndpointFormat.Name(m.Name)} ({RingFormat.Zone(m.Zone)})")) +
        (members.Length > MostNames ? $" and {members.Length - MostNames} more" : "");

    private static string Where(RingMember member, EquatableArray<TopologyEndpoint> endpoints) =>
        string.Join("; ", endpoints.Select(e => $"{EndpointFormat.State(e)} {EndpointFormat.Addresses(e)}")) +
        " zone " + RingFormat.Zone(member.Zone);

    private static Line Fact(string what, string value, Style? style = null) =>
        new Line().Add(what, Palette.Quiet).PadTo(Indent).Add(value, style);
}
