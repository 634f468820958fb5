using System.Collections.Immutable;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>
/// The cases of kube-proxy's own table (pkg/proxy/topology_test.go, TestCategorizeEndpoints) as data. An endpoint is a number, with the
/// zones of its hint after <c>@</c> and the nodes after <c>%</c>; <c>*</c> means on the client's node, <c>-</c> not ready and not serving,
/// <c>~</c> serving and terminating. A null means that the Service does not use that list.
/// </summary>
public class TrafficRulesTests
{
    private const string Here = "n1";

    [Theory]
    // Hints.
    [InlineData("every endpoint has a hint, some for the zone", "a", "3@a 4@b 5@c 6@a", "3 6", null)]
    [InlineData("the node has no zone", null, "3@a", "3", null)]
    [InlineData("the zone of the node is empty", "", "3@a", "3", null)]
    [InlineData("no hint for the zone", "b", "3@a", "3", null)]
    [InlineData("one that is not ready does not count", "a", "3@a 4@b 5@c 6@a-", "3", null)]
    [InlineData("those of the zone are not ready", "a", "3@a- 4@b 5@c 6@a-", "4 5", null)]
    [InlineData("a hint is missing", "a", "3@a 4@b 5 6@a", "3 4 5 6", null)]
    [InlineData("several zones in a hint", "c", "3@a,b,c 4@b,c 5@b,d 6@c", "3 4 6", null)]
    // Hints do not count for local traffic.
    [InlineData("external traffic is local", "a", "3@a* 4@b* 5@c 6@a", "3 6", "3 4", "3 4 6")]
    [InlineData("internal traffic is local, and there are node ports", "a", "3@a* 4@b* 5@c 6@a", "3 6", "3 4", "3 4 6")]
    [InlineData("place and zone disagree", "a", "0@a* 1@b* 2@a 3@b", "0 2", "0 1", "0 1 2")]
    // Local traffic.
    [InlineData("internal local: no endpoints", null, "", null, "")]
    [InlineData("internal local: all elsewhere", null, "0 1", null, "", null, true)]
    [InlineData("internal local: all here", null, "0* 1*", null, "0 1")]
    [InlineData("internal local: some here", null, "0* 1", null, "0")]
    [InlineData("internal local, with node ports: some here", null, "0* 1", "0 1", "0", "0 1")]
    [InlineData("external local: some here", null, "0* 1", "0 1", "0", "0 1")]
    [InlineData("both local: some here", null, "0* 1", "0 1", "0", "0 1")]
    [InlineData("both local: all elsewhere", null, "0 1", "0 1", "", "0 1")]
    [InlineData("external local, but nothing from outside comes in", null, "0 1*", "0 1", null)]
    [InlineData("internal local and nothing from outside comes in", null, "0 1*", null, "1")]
    // None is ready.
    [InlineData("not ready", null, "0- 1-", "", null)]
    [InlineData("some ready", null, "0- 1", "1", null)]
    [InlineData("all terminating", null, "0~* 1~", "0 1", null)]
    [InlineData("both local: all elsewhere and terminating", null, "0~ 1~", "0 1", "", "0 1")]
    [InlineData("external local: the only ones here are terminating", null, "0 1-* 2~* 3~", "0", "2", "0 2")]
    // What topology.go says of hints for nodes, which the table does not have.
    [InlineData("every endpoint has a node, one is this", "a", "0@a%n1 1@a%n2 2@a%n1,n2", "0 2", null)]
    [InlineData("no hint for the node: then the zone", "a", "0@a%n2 1@b%n3", "0", null)]
    [InlineData("no hint for the node nor the zone", "c", "0@a%n2 1@b%n3", "0 1", null)]
    [InlineData("a node is missing: then the zone", "a", "0@b%n1 1@a", "1", null)]
    [InlineData("those of the node are not ready", "a", "0@a%n1- 1@a%n2 2@b%n2", "1", null)]
    [InlineData("terminating ones are used whatever their hints", "a", "0@b%n2~ 1@c%n3~", "0 1", null)]
    public void Rule07_Traffic_goes_where_kube_proxy_sends_it(
        string name, string? zone, string endpoints, string? cluster, string? local, string? all = null, bool onlyRemote = false)
    {
        var topology = Last(Listed("1", Slice("s", [.. Words(endpoints).Select(Endpoint)])));

        var forClient = Ids(topology.For(Here, zone));
        var localOnly = Ids(topology.LocalTo(Here));
        Assert.True(cluster is null || forClient.SetEquals(Words(cluster)), $"{name}: cluster {string.Join(' ', forClient)}");
        Assert.True(local is null || localOnly.SetEquals(Words(local)), $"{name}: local {string.Join(' ', localOnly)}");
        var reachable = Words(all ?? cluster ?? local!);
        var union = (cluster is null ? [] : forClient).Union(local is null ? [] : localOnly);
        Assert.True(union.SetEquals(reachable), $"{name}: all {string.Join(' ', union)}");
        Assert.Equal(reachable.Length > 0 || onlyRemote, !topology.Routable.IsEmpty);
    }

    [Fact]
    public void LocalTo_checks_its_argument() => Assert.Throws<ArgumentNullException>(() => Last(Listed("1")).LocalTo(null!));

    private static Endpoint Endpoint(string text)
    {
        var id = text[..1];
        return Pod(id, $"10.0.0.{id}") with
        {
            NodeName = text.Contains('*') ? Here : "n9",
            Ready = !text.Contains('-') && !text.Contains('~'),
            Serving = !text.Contains('-'),
            Terminating = text.Contains('~'),
            ForZones = After(text, '@'),
            ForNodes = After(text, '%'),
        };
    }

    private static ImmutableArray<string> After(string text, char mark) =>
        text.IndexOf(mark) is var at and >= 0 ? [.. text[(at + 1)..].Split(['@', '%', '*', '-', '~'])[0].Split(',')] : [];

    private static ImmutableHashSet<string> Ids(EndpointList endpoints) => [.. endpoints.Select(e => e.Member)];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
