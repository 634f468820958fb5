using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Waiting;

public class WaitCommandTests
{
    private static readonly WatchEvent<EndpointSlice> _twoOfThree = Listed(
        "1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", ready: false), Pod("cache-2", "10.0.0.3"));

    private static readonly WatchEvent<EndpointSlice> _three = Modified(
        "2", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2"), Pod("cache-2", "10.0.0.3"));

    [Theory]
    [InlineData("members=3", true, true)]
    [InlineData("members=2", false, false)]
    [InlineData("ready=3", false, true)]
    [InlineData("ready>=2", true, true)]
    [InlineData("ready<=2", true, false)]
    [InlineData("routable=3", false, true)]
    [InlineData("gone=cache-9", true, true)]
    [InlineData("gone=cache-0", false, false)]
    public async Task A_condition_is_met_by_the_state_that_fulfils_it(string condition, bool before, bool after)
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", condition);
        host.Emit(_twoOfThree);
        Assert.Equal(before, !host.Events.HasObservers);
        host.Emit(_three);
        Assert.Equal(before || after, !host.Events.HasObservers);
        host.AdvanceBy(31);
        Assert.Equal(before || after ? ExitCode.Stopped : ExitCode.Failed, await run);
    }

    [Theory]
    [MemberData(nameof(TerminalPicture.Sizes), MemberType = typeof(TerminalPicture))]
    public async Task A_terminal_of_each_size_shows_the_end_of_the_wait(int width, int height)
    {
        var pictures = new List<string>();
        foreach (var (what, last) in new[] { ("met", _three), ("late", _twoOfThree), ("stale", Interrupted(FakeHost.Start, 3)) })
        {
            var host = new FakeHost { IsTerminal = true, Size = (width, height) };
            var run = host.RunAsync("wait", "cache", "--for", "members=3", "--for", "ready=3", "--color", "never");
            host.Emit(_twoOfThree, last);
            host.AdvanceBy(31);
            await run;
            pictures.Add(TerminalPicture.Of(what, host.Error + host.Out, width, height));
        }

        Golden.Matches($"wait-{width}x{height}.txt", string.Join('\n', pictures));
    }

    [Fact]
    public async Task All_conditions_must_hold_together()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "members=3", "--for", "ready=3");
        host.Emit(_twoOfThree);
        Assert.True(host.Events.HasObservers);
        host.Emit(_three);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.StartsWith("prod/cache members=3 and ready=3 (members=3, ready=3, routable=3, ring=", host.Out, StringComparison.Ordinal);
        Assert.Equal("", host.Error);
    }

    [Fact]
    public async Task The_fingerprint_is_that_of_the_ring_command()
    {
        var ring = new FakeHost();
        var printing = ring.RunAsync("ring", "cache", "--once", "-o", "json");
        ring.Emit(_twoOfThree);
        await printing;
        var fingerprint = (string)JsonNode.Parse(ring.Out)!["fingerprint"]!;

        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "ring=" + fingerprint.ToUpperInvariant());
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        Assert.True(host.Events.HasObservers);
        host.Emit(_twoOfThree);
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Fact]
    public async Task A_timeout_exits_with_one_and_the_last_state()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "ready=3", "--for", "members=3", "--timeout", "2m");
        host.Emit(_twoOfThree);
        host.AdvanceBy(119);
        Assert.True(host.Events.HasObservers);
        host.AdvanceBy(1);
        Assert.Equal(ExitCode.Failed, await run);
        Assert.Equal("", host.Out);
        Assert.Matches(
            @"^rxkube: no ready=3 within 2m \(--timeout\); the last state: members=3, ready=2, routable=2, ring=[0-9a-f]{16}, " +
            @"live at version 1; not ready: cache-1\n$", host.Error);
    }

    [Fact]
    public async Task Json_has_the_last_state_and_each_condition()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "ready=3", "--for", "members=3", "--timeout", "1s", "-o", "json");
        host.Emit(_twoOfThree);
        host.AdvanceBy(1);
        Assert.Equal(ExitCode.Failed, await run);
        var json = JsonNode.Parse(host.Out)!;
        Assert.False((bool)json["met"]!);
        Assert.Equal(
            ["ready=3 False", "members=3 True"], json["conditions"]!.AsArray().Select(c => $"{c!["condition"]} {(bool)c["met"]!}"));
        Assert.Equal(3, json["endpoints"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_stale_snapshot_meets_no_condition()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "members=1", "--timeout", "10s");
        host.Emit(_twoOfThree, Interrupted(FakeHost.Start, 1), Modified("3", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(5);
        Assert.True(host.Events.HasObservers);
        host.Emit(Resumed);
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // what a stale snapshot fulfils is not met
    public async Task A_timeout_while_stale_says_why_and_when_the_next_attempt_is(bool isFulfilled)
    {
        foreach (var format in new[] { "text", "json" })
        {
            var host = new FakeHost();
            var run = host.RunAsync("wait", "cache", "--for", "ready=3", "--timeout", "10s", "-o", format);
            host.Emit(_twoOfThree);
            host.AdvanceBy(6);
            host.Emit(Interrupted(host.Clock.Now, 6.4, "connection\nrefused."));
            host.Emit(isFulfilled ? [_three] : []);
            host.AdvanceBy(4);
            Assert.Equal(ExitCode.Failed, await run);
            Assert.Matches(
                @"^rxkube: no live snapshot with ready=3 within 10s \(--timeout\): connection\\nrefused; next attempt in 2\.4s; " +
                @"the last state: members=3, ready=\d, routable=\d, ring=[0-9a-f]{16}, stale at version \d" +
                (isFulfilled ? @"\n$" : @"; not ready: cache-1\n$"), host.Error);
            if (format == "json")
            {
                var json = JsonNode.Parse(host.Out)!;
                Assert.Equal(
                    (false, "stale", "connection\nrefused.", 6400),
                    ((bool)json["met"]!, (string?)json["freshness"], (string?)json["cause"], (int)json["retryInMs"]!));
            }
        }
    }

    [Fact]
    public async Task Without_a_complete_snapshot_the_cluster_cannot_be_used()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "ready=1", "--timeout", "5s");
        host.Emit(Interrupted(FakeHost.Start, 1));
        host.AdvanceBy(6);
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Contains("connection refused", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_before_the_condition_is_no_success()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "ready=3");
        host.Emit(_twoOfThree);
        host.Stop.OnNext(default);
        Assert.Equal(ExitCode.Failed, await run);
    }

    [Fact]
    public async Task A_timeout_of_zero_waits_without_limit()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "ready=3", "--timeout", "0");
        host.Emit(_twoOfThree);
        host.AdvanceBy(100_000);
        Assert.True(host.Events.HasObservers);
        host.Emit(_three);
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Fact]
    public async Task Hostile_names_do_not_reach_the_terminal()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "ready=3", "--timeout", "1s");
        host.Emit(Listed("1\e[2J", Pod("\e[31m\n+ forged", "10.0.0.1", ready: false)));
        host.AdvanceBy(1);
        Assert.Equal(ExitCode.Failed, await run);
        Assert.DoesNotContain(host.Error, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain("\n+ forged", host.Error, StringComparison.Ordinal);
    }
}
