using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Output;

public class TextLinesTests
{
    private static readonly DateTimeOffset _now = FakeHost.Start;

    [Fact]
    public void Every_kind_of_line_equals_the_golden_file() => Golden.Matches("text.txt", Text(
        Listed("10", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", zone: "b", node: null)),
        Modified(
            "11", Pod("cache-0", "10.0.0.1"),
            Pod("cache-1", "10.0.0.2", ready: false, serving: true, terminating: true, zone: "b", node: null)),
        Modified("12", Pod("cache-0", "10.0.0.1")),
        Modified("13", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.7", ready: false, uid: "2", zone: "c", node: "n4")),
        Modified("14", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.7", uid: "2", zone: "c", node: "n4")),
        Interrupted(_now - TimeSpan.FromSeconds(7), 0.8),
        Interrupted(_now - TimeSpan.FromSeconds(5), 12, since: _now - TimeSpan.FromSeconds(7)),
        Listed("20", Pod("cache-0", "10.0.0.9", uid: "3"))));

    [Fact]
    public void A_restored_connection_is_reported_once() => Assert.Equal(
        """
        2026-01-02T03:04:05.000Z = live at version 1: 1 endpoint, 1 ready
        2026-01-02T03:04:05.000Z + cache-0 ready 10.0.0.1 gossip:7946/UDP,http:8080 zone=a node=n1
        2026-01-02T03:04:05.000Z ! stale: gone; next attempt in 1.0s
        2026-01-02T03:04:05.000Z = live at version 1, was stale for 3s

        """,
        Text(
            Listed("1", Pod("cache-0", "10.0.0.1")), Interrupted(_now - TimeSpan.FromSeconds(3), 1, "gone"), Resumed,
            Modified("2", Pod("cache-0", "10.0.0.1"))));

    [Fact]
    public void Hostile_names_are_escaped()
    {
        var text = Text(
            Listed("1\e", Pod("\e[31m", "10.0.0.1", zone: "\u009bz", node: "\r\nn")),
            Modified("2", Pod("\e[31m", "10.0.0.1", zone: "\u202ez", node: "\an")),
            Interrupted(_now, 1, "\e]0;x\a"));
        Assert.DoesNotContain(text.Split('\n'), line => line.Any(c => char.IsControl(c) || c == '\u202e'));
        Assert.Equal(4, text.Count(c => c == '\n'));
    }

    [Fact]
    public void A_name_cannot_forge_another_field_or_line()
    {
        var text = Text(
            Listed("1", Pod("cache-0 ready 10.0.0.9 zone=b", "10.0.0.1", zone: "a node=other", node: "n, + cache-1")),
            Modified("2", Pod("cache-0 ready 10.0.0.9 zone=b", "10.0.0.1", zone: "b (found by comparing lists)", node: "n\u3164")));

        Assert.Equal(
            """
            = live at version 1: 1 endpoint, 1 ready
            + "cache-0 ready 10.0.0.9 zone=b" ready 10.0.0.1 PORTS zone="a node=other" node="n, + cache-1"
            ~ "cache-0 ready 10.0.0.9 zone=b" zone "a node=other" -> "b (found by comparing lists)", node "n, + cache-1" -> n\u3164
            """,
            System.Text.RegularExpressions.Regex.Replace(
                string.Join('\n', text.TrimEnd().Split('\n').Select(line => line[(line.IndexOf('Z', StringComparison.Ordinal) + 2)..])),
                @"gossip\S+", "PORTS"));
    }

    private static string Text(params WatchEvent<EndpointSlice>[] events)
    {
        var snapshots = Snapshots(events);
        return string.Concat(snapshots
            .SelectMany((s, i) => TextLines.Lines(s, i == 0 ? null : snapshots[i - 1], _now))
            .Select(l => l + "\n"));
    }
}
