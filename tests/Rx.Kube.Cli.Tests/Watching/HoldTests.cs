using System.Reactive;
using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Watching;

public class HoldTests
{
    [Fact]
    public async Task A_member_that_left_is_held_and_comes_back_or_leaves_after_the_time()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "-o", "text", "--hold", "30s");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
        host.AdvanceBy(5);
        host.Emit(Modified("2", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(10);
        host.Emit(Modified("3", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.9", uid: "2")));
        host.AdvanceBy(60);
        host.Emit(Modified("4", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(29);
        Assert.DoesNotContain(" - cache-1", host.Out, StringComparison.Ordinal);
        host.AdvanceBy(2);
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal(
            [
                "03:04:05.000Z = live at version 1: 2 endpoints, 2 ready",
                "03:04:05.000Z + cache-0 ready 10.0.0.1 gossip:7946/UDP,http:8080 zone=a node=n1",
                "03:04:05.000Z + cache-1 ready 10.0.0.2 gossip:7946/UDP,http:8080 zone=a node=n1",
                "03:04:10.000Z ~ cache-1 ready -> held",
                "03:04:20.000Z ~ cache-1 held -> ready, 10.0.0.2 -> 10.0.0.9, new pod",
                "03:05:20.000Z ~ cache-1 ready -> held",
                "03:05:50.000Z - cache-1 held 10.0.0.9 gossip:7946/UDP,http:8080 zone=a node=n1",
            ],
            host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line["2026-01-02T".Length..]));
    }

    [Fact]
    public async Task A_pod_that_restarts_within_the_time_moves_no_key()
    {
        Assert.Equal(2, await RingsAsync("--hold", "0"));
        Assert.Equal(2, await RingsAsync());
        Assert.Equal(0, await RingsAsync("--hold", "1m"));

        static async Task<int> RingsAsync(params string[] options)
        {
            var host = new FakeHost();
            var run = host.RunAsync(["ring", "cache", "-o", "json", .. options]);
            host.Emit(Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
            host.Emit(Modified("2", Pod("cache-0", "10.0.0.1")));
            host.AdvanceBy(50);
            host.Emit(Modified("3", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.9")));
            host.Stop.OnNext(Unit.Default);
            Assert.Equal(ExitCode.Stopped, await run);
            return host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;
        }
    }

    [Fact]
    public async Task A_held_member_is_marked_in_JSON_and_in_the_table()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "-o", "json", "--hold", "30s");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")), Modified("2"));
        host.Stop.OnNext(Unit.Default);
        await run;
        var endpoint = JsonNode.Parse(host.Out.TrimEnd('\n').Split('\n')[^1])!["endpoints"]![0]!;
        Assert.True((bool)endpoint["held"]!);
        Assert.False((bool)endpoint["ready"]!);

        var terminal = new FakeHost { IsTerminal = true };
        run = terminal.RunAsync("watch", "cache", "--color", "never", "--hold", "30s");
        terminal.Emit(Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")), Modified("2", Pod("cache-0", "10.0.0.1")));
        terminal.AdvanceBy(0.15);
        var shown = Screen.After(terminal.Out).ToString();
        Assert.Contains("● 1 ready   ◐ 0 terminating   ○ 0 not ready   1 serving of 2  1 held\n", shown, StringComparison.Ordinal);
        Assert.Contains("\n~ cache-1    ◌ held ", shown, StringComparison.Ordinal);
        terminal.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task Wait_counts_a_held_member_as_a_member_that_is_not_ready()
    {
        var host = new FakeHost();
        var run = host.RunAsync("wait", "cache", "--for", "gone=cache-1", "--hold", "10s");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")), Modified("2", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(9);
        Assert.True(host.Events.HasObservers);
        host.AdvanceBy(2);
        Assert.Equal(ExitCode.Stopped, await run);

        host = new FakeHost();
        run = host.RunAsync("wait", "cache", "--for", "ready=1", "--for", "members=2", "--hold", "10s");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")), Modified("2", Pod("cache-0", "10.0.0.1")));
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Fact]
    public async Task Explain_tells_that_a_key_stays_for_the_time_if_its_owner_leaves()
    {
        foreach (var (options, expected) in new (string[], string)[]
        {
            ([], "if it left   cache-"), (["--hold", "1m"], "if it left   the same for 1m (--hold), then cache-"),
            (["--hold", "1m", "-o", "json"], "\"holdSeconds\":60,"),
        })
        {
            var host = new FakeHost();
            var run = host.RunAsync(["explain", "cache", "k", .. options]);
            host.Emit(Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
            Assert.Equal(ExitCode.Stopped, await run);
            Assert.Contains(expected, host.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_replay_holds_in_recorded_time_at_any_speed()
    {
        var folder = Directory.CreateTempSubdirectory("rxkube-hold-");
        try
        {
            var file = Path.Combine(folder.FullName, "recording");
            var live = new FakeHost();
            var run = live.RunAsync("record", "cache", "-f", file);
            live.Emit(Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
            live.AdvanceBy(5);
            live.Emit(Modified("2", Pod("cache-0", "10.0.0.1")));
            live.AdvanceBy(60);
            live.Emit(Modified("3", Pod("cache-0", "10.0.0.1", zone: "b")));
            live.Stop.OnNext(Unit.Default);
            Assert.Equal(ExitCode.Stopped, await run);

            Assert.Equal(
                ["03:04:05.000Z =", "03:04:05.000Z +", "03:04:05.000Z +", "03:04:10.000Z ~", "03:04:40.000Z -", "03:05:10.000Z ~"],
                (await ReplayAsync(file, "--hold", "30s")).Select(line => line["2026-01-02T".Length..][..15]));
            Assert.Contains("cache-1 ready -> held", (await ReplayAsync(file, "--hold", "30s"))[3], StringComparison.Ordinal);
            foreach (var (from, state) in new[] { ("34s", "2 endpoints, 1 ready"), ("36s", "1 endpoint, 1 ready") })
            {
                Assert.Contains(
                    state, (await ReplayAsync(file, "--hold", "30s", "--from", from, "--once"))[0], StringComparison.Ordinal);
            }

            Assert.Single(await ReplayAsync(file, "--hold", "30s", "--until", "20s", "--view", "ring", "-o", "json"));
            var replicas = await ReplayAsync(
                file, "--hold", "30s", "--until", "20s", "--view", "explain", "--key", "k", "--replicas", "2",
                "-o", "template={{range .replicas}}{{.member}}\\n{{end}}");
            Assert.Equal(["cache-0", "cache-1"], replicas.Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string[]> ReplayAsync(params string[] args)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync(["replay", .. args]));
        return host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
