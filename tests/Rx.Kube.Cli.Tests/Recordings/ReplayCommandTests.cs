using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Recordings;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rxkube-replay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_recording_is_printed_at_once_with_the_recorded_times()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync("replay", Incident()));
        Assert.Equal(
            """
            2026-01-02T03:04:06.000Z = live at version 1: 2 endpoints, 2 ready
            2026-01-02T03:04:06.000Z + cache-0 ready 10.0.0.1 gossip:7946/UDP,http:8080 zone=a node=n1
            2026-01-02T03:04:06.000Z + cache-1 ready 10.0.0.2 gossip:7946/UDP,http:8080 zone=a node=n1
            2026-01-02T03:04:15.000Z ! stale: connection refused (10.0.0.1:6443); next attempt in 1.0s
            2026-01-02T03:04:35.000Z = live at version 1, was stale for 20s
            2026-01-02T03:04:35.000Z - cache-1 ready 10.0.0.2 gossip:7946/UDP,http:8080 zone=a node=n1
            2026-01-02T03:05:05.000Z + cache-2 ready 10.0.0.3 gossip:7946/UDP,http:8080 zone=a node=n1

            """,
            host.Out);
        Assert.Equal("rxkube: at 20s: mark 1\n", host.Error);
    }

    [Fact]
    public async Task The_lines_are_those_that_the_live_command_printed()
    {
        foreach (var command in new[] { "watch cache -o json", "ring cache -o json", "ring cache --replicas 2 --self cache-0 -o text" })
        {
            var (file, live) = (Path.Combine(_folder, Guid.NewGuid().ToString()), new FakeHost());
            var (recording, run) = (live.RunAsync("record", "cache", "-f", file), live.RunAsync(command.Split(' ')));
            Play(live);
            await Task.WhenAll(recording, run);
            var printed = new FakeHost();
            var printing = printed.RunAsync(command.Split(' '));
            Play(printed);
            await printing;

            var replay = new FakeHost();
            var view = command.Split(' ');
            Assert.Equal(ExitCode.Stopped, await replay.RunAsync(["replay", file, "--view", view[0], .. view.Skip(2)]));
            Assert.Equal(printed.Out, replay.Out);
        }
    }

    [Theory]
    [InlineData("--from 5s --once", "version 1: 2 endpoints")]
    [InlineData("--from 2026-01-02T03:04:40Z --once", "version 3: 1 endpoint,")]
    [InlineData("--from 60s --once", "version 4: 2 endpoints")]
    public async Task From_and_once_print_the_state_at_a_time(string options, string expected)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync(["replay", Incident(), .. options.Split(' ')]));
        Assert.Contains($"= live at {expected}", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Until_ends_the_replay()
    {
        var host = new FakeHost();
        await host.RunAsync("replay", Incident(), "--until", "12s", "-o", "json");
        Assert.Equal(
            ["live", "stale"],
            host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (string?)JsonNode.Parse(l)!["freshness"]));
    }

    [Fact]
    public async Task A_name_that_is_empty_is_wrong_usage()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("replay", ""));
        Assert.Equal("rxkube: The name of a recording is empty. To fix: name a file.\n", host.Error);
    }

    [Fact]
    public async Task A_flood_of_warnings_is_cut()
    {
        var (host, file) = (new FakeHost(), Incident());
        File.AppendAllLines(file, Enumerable.Range(0, 1000).Select(i => $"{{\"at\":99,\"type\":\"X{i}\"}}"));
        Assert.Equal(ExitCode.Stopped, await host.RunAsync("replay", file));
        Assert.Equal(20, host.Error.Split("of the unknown type").Length - 1);
        Assert.Contains(": 980 more such warnings\n", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_tells_the_owner_at_the_end()
    {
        var (file, before, after) = (Incident(), new FakeHost(), new FakeHost());
        await before.RunAsync("replay", file, "--view", "explain", "--key", "user:42", "--until", "5s", "-o", "json");
        await after.RunAsync("replay", file, "--view", "explain", "--key", "user:42", "-o", "json");
        Assert.Equal("1", (string?)JsonNode.Parse(before.Out)!["version"]);
        Assert.Equal("4", (string?)JsonNode.Parse(after.Out)!["version"]);
    }

    [Fact]
    public async Task The_tree_is_that_of_the_start_and_then_tells_who_joined_and_who_left_at_the_recorded_times()
    {
        var host = new FakeHost { IsTerminal = true, Size = (120, 40) };
        Assert.Equal(ExitCode.Stopped, await host.RunAsync("replay", Incident(), "--view", "tree", "--color", "never"));
        Assert.Equal(
            """
            Service prod/cache
            └─ EndpointSlice cache-abc  IPv4, 2 endpoints, ports gossip:7946/UDP,http:8080
               ├─ cache-0  10.0.0.1  ready  gets traffic: it is ready
               │  └─ Pod cache-0
               │     └─ Node n1  zone a
               └─ cache-1  10.0.0.2  ready  gets traffic: it is ready
                  └─ Pod cache-1
                     └─ Node n1  zone a
            as the EndpointSlices say; a recording has no pods and nodes
            2026-01-02T03:04:35.000Z - cache-1 left: its slice does not list it any more
            2026-01-02T03:05:05.000Z + cache-2 gets traffic: it is ready

            """,
            host.Out);
    }

    [Fact]
    public async Task A_tree_of_a_recording_without_a_complete_list_ends_with_the_reason()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync("replay", Incident(), "--view", "tree", "--until", "500ms"));
        Assert.Equal(("", "rxkube: the recording has no complete list in this time\n"), (host.Out, host.Error));
    }

    [Theory]
    [InlineData("--once", "cache-0 cache-1")]
    [InlineData("--once --from 60s", "cache-0 cache-2")]
    [InlineData("--until 5s", "cache-0 cache-1")]
    public async Task A_tree_of_a_time_is_json_too(string options, string members)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync(["replay", Incident(), "--view", "tree", "-o", "json", .. options.Split(' ')]));
        var tree = JsonNode.Parse(host.Out)!;
        var endpoints = tree["slices"]!.AsArray().SelectMany(slice => slice!["endpoints"]!.AsArray()).ToList();
        Assert.Equal(members, string.Join(' ', endpoints.Select(e => (string?)e!["member"])));
        Assert.All(endpoints, e => Assert.Equal("it is ready", (string?)e!["why"]));
        Assert.Empty(tree["missingPermissions"]!.AsArray());
    }

    [Fact]
    public async Task A_live_table_follows_the_recorded_times_at_a_speed_and_stays_at_the_end()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("replay", Incident(), "--speed", "10x");
        host.AdvanceBy(0.6);
        Assert.Contains("LIVE", Shown(host), StringComparison.Ordinal);
        host.AdvanceBy(1); // 16 s of the recording
        Assert.Contains("STALE for ", Shown(host), StringComparison.Ordinal);
        host.AdvanceBy(60);
        Assert.Contains("version 4", Shown(host), StringComparison.Ordinal);
        Assert.False(run.IsCompleted);
        host.Type("q");
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Theory]
    [MemberData(nameof(TerminalPicture.Sizes), MemberType = typeof(TerminalPicture))]
    public async Task A_terminal_of_each_size_shows_the_recording(int width, int height)
    {
        // Without a folder, whose name is another one on another machine.
        var (one, other) = ("before.rxk.ndjson", "after.rxk.ndjson");
        File.Move(Incident(), one, overwrite: true);
        File.Move(Incident(last: "cache-3"), other, overwrite: true);
        var pictures = new List<string>();
        foreach (var view in new[] { "watch", "ring" })
        {
            var live = new FakeHost { IsTerminal = true, Size = (width, height) };
            var run = live.RunAsync("replay", one, "--view", view, "--step", "--color", "never");
            live.AdvanceBy(1);
            live.Type(" ");
            live.AdvanceBy(1);
            pictures.Add($"{view}, a step\n{Shown(live)}");
            live.Type("q");
            await run;
        }

        var tree = new FakeHost { IsTerminal = true, Size = (width, height) };
        await tree.RunAsync("replay", one, "--view", "tree", "--color", "never");
        pictures.Add(TerminalPicture.Of("tree", tree.Error + tree.Out, width, height));
        var printed = new FakeHost { IsTerminal = true, Size = (width, height) };
        await printed.RunAsync("replay", "--diff", one, other, "--color", "never");
        pictures.Add(TerminalPicture.Of("two recordings", printed.Error + printed.Out, width, height));
        Golden.Matches($"replay-{width}x{height}.txt", string.Join('\n', pictures));
        File.Delete(one);
        File.Delete(other);
    }

    [Fact]
    public async Task A_live_table_goes_on_at_the_space_bar_and_not_at_other_keys()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("replay", Incident(), "--step");
        host.AdvanceBy(60);
        Assert.Contains("LIVE", Shown(host), StringComparison.Ordinal);
        host.Type("jx/ \x1b");
        host.Press(ConsoleKey.Escape);
        host.AdvanceBy(60);
        Assert.Contains("LIVE", Shown(host), StringComparison.Ordinal);
        host.Type(" ");
        host.AdvanceBy(60);
        Assert.Contains("STALE for 0s", Shown(host), StringComparison.Ordinal);
        host.Type("q");
        Assert.Equal(ExitCode.Stopped, await run);
    }

    [Theory]
    [InlineData("watch")]
    [InlineData("ring")]
    public async Task A_mark_is_shown_in_the_live_table_from_its_time_on(string view)
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("replay", Incident(), "--view", view);
        host.AdvanceBy(19.5);
        Assert.DoesNotContain("mark", Shown(host), StringComparison.Ordinal);
        host.AdvanceBy(1);
        Assert.Contains("\n03:04:25 * mark: mark 1", Shown(host), StringComparison.Ordinal);
        Assert.Equal("", host.Error);
        host.Type("q");
        await run;
    }

    [Fact]
    public async Task The_page_shows_at_each_change_what_the_replay_prints_of_that_time()
    {
        var file = Incident();
        var (tool, printed) = (new InProcessTool(), new FakeHost());
        await printed.RunAsync("replay", file, "--view", "ring", "--replicas", "2", "-o", "json");
        var lines = printed.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)
            .Where(l => (string?)l["freshness"] == "live").DistinctBy(l => (string?)l["fingerprint"]).ToList();
        tool.Start("replay", file, "--view", "ring", "--replicas", "2", "--web", "0");
        var url = new Uri(System.Text.RegularExpressions.Regex.Match(await tool.LineAsync(), "http://[^ ]+").Value);
        using var client = new HttpClient();

        // The address is printed before the recording is played.
        var changes = new List<JsonNode>();
        for (var patience = Stopwatch.StartNew(); changes.Count < 3; await Task.Delay(20))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), $"{changes.Count} changes");
            var state = await StateAsync(client, url);
            changes = [.. state["changes"]!.AsArray().Where(c => (string?)c!["kind"] is "first" or "ring").Select(c => c!)
                .OrderBy(c => (long)c["id"]!)];
        }

        Assert.Equal(3, changes.Count);
        foreach (var (line, change) in lines.Zip(changes))
        {
            var then = JsonNode.Parse(await client.GetStringAsync(new Uri(url, $"at?at={change["id"]}")))!;
            Assert.Equal((string?)line["fingerprint"], (string?)then["ring"]!["fingerprint"]);
            Assert.Equal((string?)line["version"], (string?)then["ring"]!["version"]);
            Assert.Equal(Shares(line), Shares(then));
        }

        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
        Assert.Equal("rxkube: at 20s: mark 1\n", tool.Error);
    }

    [Fact]
    public async Task Rings_that_are_equal_exit_with_zero_and_others_with_one()
    {
        var (one, same, other) = (Incident(), Incident(), Incident(last: "cache-3"));
        var host = new FakeHost();
        Assert.Equal(0, await host.RunAsync("replay", "--diff", one, same));
        Assert.EndsWith("= the rings are equal\n", host.Out, StringComparison.Ordinal);

        host = new FakeHost();
        Assert.Equal(1, await host.RunAsync("replay", "--diff", one, other));
        Assert.Contains("~ joined cache-3; left cache-2; moved ", host.Out, StringComparison.Ordinal);
        Assert.Equal("", host.Error);

        host = new FakeHost();
        Assert.Equal(0, await host.RunAsync("replay", "--diff", one, other, "--until", "50s"));

        host = new FakeHost();
        Assert.Equal(1, await host.RunAsync("replay", "--diff", one, other, "-o", "json"));
        var json = JsonNode.Parse(host.Out)!;
        Assert.False((bool)json["equal"]!);
        Assert.Equal("cache-3", (string?)json["joined"]![0]);
    }

    [Theory]
    [InlineData("replay {0}/none", "none")]
    [InlineData("replay {0}", "")]
    [InlineData("replay {0}/garbage", "neither a recording nor what")]
    [InlineData("replay {0}/newer", "To fix: use a newer version")]
    [InlineData("replay --diff {0}/incident {0}/empty", "no complete list")]
    [InlineData("replay {0}/pods", "a recording of pods")]
    [InlineData("replay {0}/hostile", "is not a recording of one Service")]
    [InlineData("replay {0}/incident --from 2m", "--from 2m is not in the recording, which starts at 2026-01-02")]
    [InlineData("replay {0}/incident --from soon", "--from 'soon' is not a time")]
    [InlineData("replay {0}/incident --from 30s --until 20s", "--from is after --until")]
    [InlineData("replay {0}/incident --step", "--step needs a live table")]
    public async Task What_cannot_be_replayed_is_wrong_usage(string line, string expected)
    {
        File.Move(Incident(), Path.Combine(_folder, "incident"));
        var header = File.ReadLines(Path.Combine(_folder, "incident")).First();
        File.WriteAllText(Path.Combine(_folder, "garbage"), "nothing of the kind\n");
        File.WriteAllText(Path.Combine(_folder, "empty"), header + "\n");
        File.WriteAllText(Path.Combine(_folder, "newer"), header.Replace("\"1.0\"", "\"2.0\"", StringComparison.Ordinal) + "\n");
        File.WriteAllText(Path.Combine(_folder, "pods"), header.Replace("endpointslices", "pods", StringComparison.Ordinal) + "\n");
        File.WriteAllText(Path.Combine(_folder, "hostile"), header.Replace("cache", "../cache", StringComparison.Ordinal) + "\n");
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync(string.Format(null, line, _folder).Split(' ')));
        Assert.StartsWith("rxkube: ", host.Error, StringComparison.Ordinal);
        Assert.Contains(expected, host.Error, StringComparison.Ordinal);
        Assert.Equal("", host.Out);
    }

    [Fact]
    public async Task A_torn_last_line_is_reported_and_ignored()
    {
        var file = Incident();
        File.WriteAllText(file, File.ReadAllText(file)[..^80]);
        var host = new FakeHost();
        Assert.Equal(ExitCode.Stopped, await host.RunAsync("replay", file));
        Assert.Contains("is torn, and is ignored", host.Error, StringComparison.Ordinal);
        Assert.Contains("- cache-1", host.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay pipe", ExitCode.Stopped)]
    [InlineData("replay pipe --view ring", ExitCode.Stopped)]
    [InlineData("replay --diff pipe other", ExitCode.Failed)] // it is not known that they are equal
    public async Task A_file_that_hangs_is_told_after_five_seconds_and_the_user_can_stop(string line, int exit)
    {
        var host = new FakeHost { Files = new HistoricalScheduler() };
        var run = host.RunAsync(line.Split(' '));
        host.AdvanceBy(4.999);
        Assert.Equal("", host.Error);
        host.AdvanceBy(0.001);
        Assert.Equal(
            "rxkube: pipe is not read completely after 5s. If it is a pipe, it waits for its writer; Ctrl+C stops\n", host.Error);
        Assert.False(run.IsCompleted);
        host.Stop.OnNext(default);
        Assert.Equal(exit, await run);
        Assert.Equal("", host.Out);
    }

    private static IEnumerable<(string?, double)> Shares(JsonNode json) =>
        json["members"]!.AsArray().Select(m => ((string?)m!["member"], Math.Round((double)m["share"]!, 9))).Order();

    private static async Task<JsonNode> StateAsync(HttpClient client, Uri url)
    {
        using var events = new StreamReader(await client.GetStreamAsync(new Uri(url, "events")));
        while (true)
        {
            if (await events.ReadLineAsync() is { } line && line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonNode.Parse(line["data: ".Length..])!;
            }
        }
    }

    private static string Shown(FakeHost host) => Screen.After(host.Out).ToString();

    private static void Play(FakeHost host)
    {
        host.AdvanceBy(1);
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
        host.AdvanceBy(9);
        host.Emit(Interrupted(FakeHost.Start.AddSeconds(10), 1));
        host.AdvanceBy(20);
        host.Emit(Resumed, Modified("3", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(30);
        host.Emit(Modified("4", Pod("cache-0", "10.0.0.1"), Pod("cache-2", "10.0.0.3")));
        host.Stop.OnNext(default);
    }

    /// <summary>A list after 1 s, a gap after 10 s, a mark after 20 s, the end of the gap after 30 s, and a change after 60 s.</summary>
    private string Incident(string last = "cache-2")
    {
        var clock = new VirtualClock(FakeHost.Start);
        var file = Path.Combine(_folder, Guid.NewGuid().ToString());
        var events = new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['l'] = Listed("1", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")),
            ['i'] = Interrupted(FakeHost.Start.AddSeconds(10), 1),
            ['r'] = Resumed,
            ['m'] = Modified("3", Pod("cache-0", "10.0.0.1")),
            ['n'] = Modified("4", Pod("cache-0", "10.0.0.1"), Pod(last, "10.0.0.3")),
        };
        using (clock.Cold("1s l 8999ms i 19999ms [rm] 29999ms n", events).RecordTo(
            file, new() { Header = new() { Namespace = "prod", Service = "cache" }, Marks = clock.Cold("20s m", _ => "mark 1") }, clock)
            .Subscribe())
        {
            clock.Start();
        }

        return file;
    }
}
