using System.Text.Json;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Tests.Harness;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Output;

public class JsonLinesTests
{
    [Fact]
    public void A_line_equals_the_documented_contract()
    {
        var snapshot = Snapshots(Listed("4711", Pod("cache-0", "10.0.0.1")))[0];
        Assert.Equal(
            """
            {"service":"prod/cache","version":"4711","freshness":"live","presence":"ready",
            "endpoints":[{"member":"cache-0","addresses":["10.0.0.1"],
            "ports":[{"name":"gossip","port":7946,"protocol":"UDP"},{"name":"http","port":8080,"protocol":"TCP"}],
            "ready":true,"serving":true,"terminating":false,"zone":"a","node":"n1",
            "hostname":"cache-0","pod":"cache-0","uid":"cache-0-1","slice":"cache-abc"}],
            "added":["cache-0"],"removed":[],"updated":[]}
            """.ReplaceLineEndings(""),
            Line(snapshot, null));
    }

    [Fact]
    public void Added_removed_and_updated_compare_with_the_previous_line()
    {
        var snapshots = Snapshots(
            Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")),
            Modified("2", Pod("cache-1", "10.0.0.2", ready: false), Pod("cache-2", "10.0.0.3")));
        using var line = JsonDocument.Parse(Line(snapshots[1], snapshots[0]));
        Assert.Equal("""["cache-2"]""", line.RootElement.GetProperty("added").GetRawText());
        Assert.Equal("""["cache-0"]""", line.RootElement.GetProperty("removed").GetRawText());
        Assert.Equal("""["cache-1"]""", line.RootElement.GetProperty("updated").GetRawText());
    }

    [Fact]
    public void A_stale_line_has_the_endpoints_the_cause_and_the_next_attempt()
    {
        var snapshots = Snapshots(Listed("1", Pod("cache-0", "10.0.0.1")), Interrupted(FakeHost.Start, 0.8001, "broken"));
        var line = Line(snapshots[1], snapshots[0]);
        Assert.StartsWith(
            """{"service":"prod/cache","version":"1","freshness":"stale","presence":"ready",""" +
            "\"cause\":\"broken\",\"retryInMs\":801,\"endpoints\":[{\"member\":\"cache-0\",",
            line, StringComparison.Ordinal);
        Assert.EndsWith("""],"added":[],"removed":[],"updated":[]}""", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_syncing_line_has_the_cause_and_no_endpoints() =>
        Assert.Equal(
            """{"service":"prod/cache","version":"","freshness":"syncing","presence":"unknown",""" +
            "\"cause\":\"broken\",\"retryInMs\":2000,\"endpoints\":[],\"added\":[],\"removed\":[],\"updated\":[]}",
            Line(Snapshots(Interrupted(FakeHost.Start, 2, "broken"))[0], null));

    [Fact]
    public void Unknown_fields_are_null()
    {
        var endpoint = new Rx.Kube.Models.Endpoint { Addresses = ["10.0.0.9"] };
        var line = Line(Snapshots(Listed("1", endpoint))[0], null);
        Assert.Contains("""
            "member":"10.0.0.9","addresses":["10.0.0.9"]
            """, line, StringComparison.Ordinal);
        Assert.Contains("""
            "ready":true,"serving":true,"terminating":false,"zone":null,"node":null,
            "hostname":null,"pod":null,"uid":null,"slice":"cache-abc"
            """.ReplaceLineEndings(""), line, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_are_escaped_and_round_trip()
    {
        const string Hostile = "\e[2J\u009b31m\u202e\r\n\u007f[red]\"";
        var line = Line(Snapshots(Listed("1", Pod(Hostile, "10.0.0.1", zone: Hostile)))[0], null);
        Assert.DoesNotContain(line, c => c is < ' ' or > '~');
        using var json = JsonDocument.Parse(line);
        Assert.Equal(Hostile, json.RootElement.GetProperty("added")[0].GetString());
        Assert.Equal(Hostile, json.RootElement.GetProperty("endpoints")[0].GetProperty("zone").GetString());
    }

    private static string Line(ServiceTopology snapshot, ServiceTopology? previous) =>
        JsonLines.Block(snapshot, previous).ToString().TrimEnd('\n');
}
