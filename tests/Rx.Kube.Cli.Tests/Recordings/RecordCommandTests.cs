using System.Collections.Concurrent;
using System.IO.Compression;
using System.Reactive.Concurrency;
using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Recordings;

public sealed class RecordCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rxkube-record-").FullName;

    private string File => Path.Combine(_folder, "cache.rxk.ndjson");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_the_watch_receives_is_recorded_and_shown_until_the_tool_is_stopped()
    {
        var host = new FakeHost();
        var run = host.RunAsync("record", "cache", "-f", File);
        host.AdvanceBy(1);
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(2);
        host.Emit(Interrupted(FakeHost.Start.AddSeconds(2.5), 0.8));
        host.AdvanceBy(0.5);
        host.Emit(Resumed, Modified("2", Pod("cache-0", "10.0.0.1", ready: false)));
        host.Stop.OnNext(default);

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal("rxkube: recorded 4 events, 1 gap in 3s: " + File + "\n", host.Error);
        Assert.Contains("~ cache-0 ready -> not ready", host.Out, StringComparison.Ordinal);
        var lines = System.IO.File.ReadAllLines(File);
        Assert.Equal(
            [("1", "LIST"), ("3", "GAP"), ("3.5", "RESUMED"), ("3.5", "MODIFIED"), ("3.5", "END")],
            lines.Skip(1).Select(line => JsonNode.Parse(line)!).Select(json => (json["at"]!.ToJsonString(), (string?)json["type"])));
        Assert.Equal(
            """{"at":3,"type":"GAP","cause":"Unreachable","message":"connection refused (10.0.0.1:6443)","since":2.5,"failed":2.5,"""
            + """ "retryAfter":0.8,"attempts":1}""".TrimStart(),
            lines[2]);
        var header = JsonNode.Parse(lines[0])!;
        Assert.Equal(
            ("rxkube-recording", "1.0", "prod", "cache", "2026-01-02T03:04:05.0000000Z"),
            ((string?)header["format"], (string?)header["version"], (string?)header["namespace"], (string?)header["service"],
                (string?)header["started"]));
        Assert.Equal("kubernetes.io/service-name=cache", (string?)header["labelSelector"]);
    }

    [Fact]
    public async Task An_existing_file_is_replaced_only_with_force()
    {
        System.IO.File.WriteAllText(File, "evidence");
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("record", "cache", "-f", File));
        Assert.Contains("--force", host.Error, StringComparison.Ordinal);
        Assert.Equal("evidence", System.IO.File.ReadAllText(File));
        Assert.False(host.Events.HasObservers);

        var run = host.RunAsync("record", "cache", "-f", File, "--force");
        host.Stop.OnNext(default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.StartsWith("{\"format\"", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_a_folder_that_does_not_exist_is_wrong_usage()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("record", "cache", "-f", Path.Combine(_folder, "none", "x.rxk.ndjson")));
        Assert.Contains("To fix: create the folder", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_recording_ends_after_the_time_of_for()
    {
        var host = new FakeHost();
        var run = host.RunAsync("record", "cache", "-f", File, "--for", "90s");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(89);
        Assert.False(run.IsCompleted);
        host.AdvanceBy(1);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal(TimeSpan.FromSeconds(90), Recording.Open(File).Duration);
    }

    [Fact]
    public async Task A_key_on_a_terminal_sets_a_mark()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("record", "cache", "-f", File);
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(7);
        host.Type("m/m\r"); // the second is the text of a filter
        host.AdvanceBy(1);
        host.Type("q");
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal([new Timed<string>(TimeSpan.FromSeconds(7).Ticks, "mark 1")], Recording.Open(File).Marks);
        Assert.Contains("recorded in cache.rxk.ndjson; m sets a mark", host.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_credentials_of_the_connection_are_not_recorded()
    {
        var host = new FakeHost();
        var run = host.RunAsync("record", "cache", "-f", File);
        host.Emit(
            Listed("1", Pod("cache-0", "10.0.0.1", node: "the-token-of-the-connection")),
            Interrupted(FakeHost.Start, 1, "refused: the-token-of-the-connection"));
        host.Stop.OnNext(default);
        await run;
        var text = System.IO.File.ReadAllText(File);
        Assert.DoesNotContain("the-token-of-the-connection", text, StringComparison.Ordinal);
        Assert.Contains("\"nodeName\":\"***\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_anonymized_recording_has_no_name_and_no_address_of_the_service()
    {
        var host = new FakeHost();
        var run = host.RunAsync("record", "cache", "-f", File, "--anonymize");
        host.Emit(
            Listed("1", Pod("cache-0", "10.9.8.7"), Pod("cache-1", "fd00::7", zone: "b")),
            Modified("2", Pod("cache-1", "fd00::7", zone: "b")),
            Interrupted(FakeHost.Start, 1, "10.9.8.7 refused"));
        host.Stop.OnNext(default);
        Assert.Equal(ExitCode.Stopped, await run);
        var text = System.IO.File.ReadAllText(File);
        Assert.All(["cache-", "\"cache\"", "prod", "10.9.8.7", "fd00", "n1"], secret =>
            Assert.DoesNotContain(secret, text.Replace("cache.rxk", "", StringComparison.Ordinal), StringComparison.Ordinal));

        var recording = Recording.Open(File);
        Assert.True(recording.Header.IsAnonymized);
        Assert.Equal(("namespace-1", "service-1"), (recording.Header.Namespace, recording.Header.Service));
        var listed = Assert.IsType<WatchEvent<EndpointSlice>.Listed>(recording.Events<EndpointSlice>().First().Value.Value);
        Assert.Equal(
            [("pod-1", "10.0.0.1", "pod-1", "zone-1"), ("pod-2", "2001:db8::1", "pod-2", "zone-2")],
            listed.Items[0].Endpoints.Select(e => (e.TargetRef!.Name, e.Addresses[0], e.Hostname!, e.Zone!)));
        Assert.Equal("service-1", listed.Items[0].ServiceName);
        var changed = Assert.IsType<WatchEvent<EndpointSlice>.Modified>(recording.Events<EndpointSlice>().ElementAt(1).Value.Value);
        Assert.Equal(listed.Items[0].Endpoints[1], changed.Object.Endpoints[0]);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_exits_with_one()
    {
        if (!System.IO.File.Exists("/dev/full"))
        {
            return;
        }

        var host = new FakeHost();
        Assert.Equal(ExitCode.Failed, await host.RunAsync("record", "cache", "-f", "/dev/full", "--force"));
        Assert.StartsWith("rxkube: /dev/full cannot be written: ", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_sends_is_recorded_through_an_outage_and_replayed()
    {
        var accepted = new ConcurrentBag<string>();
        await using var server = await ApiServerSimulator.StartAsync(new()
        {
            Intercept = (context, next) =>
            {
                accepted.Add(context.Request.Headers.Accept.ToString());
                return next();
            },
        });
        using var config = new Kubeconfig(server.Url);
        server.Cluster.Create("endpointslices", Slice("cache-a", "cache-0"));
        var tool = new InProcessTool();
        tool.Start("record", "cache", "--kubeconfig", config.Path, "-o", "json", "-f", File + ".gz");
        await tool.LineAsync("cache-0");
        server.Cluster.Create("endpointslices", Slice("cache-b", "cache-1"));
        await tool.LineAsync("cache-1");
        server.Offline = true;
        await tool.LineAsync("\"stale\"");
        server.Cluster.Delete("endpointslices", "prod", "cache-a");
        server.Cluster.Compact();
        server.Offline = false;
        await tool.LineAsync("\"removed\":[\"cache-0\"]");
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
        Assert.Equal(["application/json"], accepted.Distinct()); // a recording is what the server wrote, and that is readable

        var replay = new InProcessTool();
        replay.Start("replay", File + ".gz", "-o", "json");
        Assert.Equal(ExitCode.Stopped, await replay.EndAsync());
        var freshness = replay.Rest().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)
            .Select(json => $"{json["freshness"]} {json["endpoints"]!.AsArray().Count}").Distinct();
        Assert.Equal(["live 1", "live 2", "stale 2"], freshness.Take(3));
        Assert.Equal("", replay.Error);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_in_five_seconds_is_an_error_that_says_so()
    {
        var host = new FakeHost { Files = new HistoricalScheduler() };
        var run = host.RunAsync("record", "cache", "-f", File);
        host.AdvanceBy(4.999);
        Assert.False(run.IsCompleted);
        host.AdvanceBy(0.001);
        Assert.Equal(ExitCode.Failed, await run);
        Assert.StartsWith(
            $"rxkube: {File} cannot be written: It was not opened within 5s: it is a pipe without a reader", host.Error,
            StringComparison.Ordinal);
        Assert.Contains("To fix: ", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demonstration_is_recorded_and_the_last_line_is_written_before_the_process_ends()
    {
        var (_, error) = await ToolRun.RunAsync($"rxkube record cache --demo --for 4s -f {File}.gz; echo exit $? >&2; gzip -t {File}.gz");
        Assert.EndsWith($"gaps in 4s: {File}.gz\nexit 0\n", error, StringComparison.Ordinal);
        using var expanded = new GZipStream(System.IO.File.OpenRead(File + ".gz"), CompressionMode.Decompress);
        Assert.EndsWith("\"type\":\"END\"}\n", new StreamReader(expanded).ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal("demo", Recording.Open(File + ".gz").Header.Namespace);
        Assert.StartsWith("v1.", Recording.Open(File + ".gz").Header.Server, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_connection_is_not_recorded_as_a_failure()
    {
        var tool = new InProcessTool();
        tool.Start("record", "cache", "--demo", "-f", File);
        await tool.LineAsync("live at");
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
        Assert.EndsWith("\"type\":\"END\"}", System.IO.File.ReadAllLines(File)[^1], StringComparison.Ordinal);
    }

    private static JsonObject Slice(string name, string pod) => JsonNode.Parse(SliceJson.Manifest(
        Testing.Slice.Of(name, "cache", @namespace: "prod").WithPort(8080, "http").With(pod, $"10.0.0.{pod[^1]}", uid: pod)))!.AsObject();
}
