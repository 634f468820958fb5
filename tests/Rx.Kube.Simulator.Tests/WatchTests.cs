using System.Text.Json.Nodes;
using static Rx.Kube.Simulator.Tests.KubeObjects;

namespace Rx.Kube.Simulator.Tests;

public sealed class WatchTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_watch_sends_every_change_once_and_in_order()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var watch = await client.WatchAsync($"resourceVersion={server.Cluster.Version}");

        for (var i = 0; i < 500; i++)
        {
            server.Cluster.Create("endpointslices", Slice($"s{i}"));
        }

        for (var i = 0; i < 500; i++)
        {
            Assert.Equal($"ADDED s{i}", await watch.TextAsync());
        }
    }

    [Fact]
    public async Task An_object_that_stops_matching_is_deleted_for_that_watch()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var watch = await client.WatchAsync($"resourceVersion={server.Cluster.Version}&labelSelector=on");

        server.Cluster.Create("endpointslices", Slice("a"));
        Label("1");
        Label("2");
        Label(null);

        Assert.Equal("ADDED a", await watch.TextAsync());
        Assert.Equal("MODIFIED a", await watch.TextAsync());
        var gone = (await watch.NextAsync())!;
        Assert.Equal("DELETED", (string?)gone["type"]);
        Assert.Equal($"{server.Cluster.Version}", gone["object"]!.Version());

        void Label(string? value) => server.Cluster.Patch(
            "endpointslices", "default", "a", new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["on"] = value } } });
    }

    [Fact]
    public async Task Bookmarks_come_every_interval_and_before_the_end_then_the_watch_ends_cleanly()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Time = _time });
        using var client = server.Client();
        using var watch = await client.WatchAsync("resourceVersion=1&allowWatchBookmarks=true&timeoutSeconds=90");
        server.Cluster.Create("pods", new() { ["metadata"] = new JsonObject { ["name"] = "elsewhere" } });

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("BOOKMARK 2", await watch.TextAsync());
        server.Cluster.Create("endpointslices", Slice("a"));
        Assert.Equal("ADDED a", await watch.TextAsync());
        _time.Advance(TimeSpan.FromSeconds(28));
        Assert.Equal("BOOKMARK 3", await watch.TextAsync());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("end", await watch.TextAsync());
    }

    [Fact]
    public async Task Without_a_timeout_a_watch_ends_between_the_minimum_and_twice_that()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Time = _time, MinWatchTimeout = TimeSpan.FromMinutes(10) });
        using var client = server.Client();
        using var watch = await client.WatchAsync("resourceVersion=1");

        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal(1, server.OpenWatches);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("end", await watch.TextAsync());
    }

    [Fact]
    public async Task From_a_compacted_version_an_error_event_ends_the_watch()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { History = 3 });
        using var client = server.Client();
        for (var i = 0; i < 6; i++)
        {
            server.Cluster.Create("endpointslices", Slice($"s{i}"));
        }

        using var tooOld = await client.WatchAsync("resourceVersion=3");
        Assert.Equal(200, tooOld.Status);
        Assert.Equal("ERROR 410", await tooOld.TextAsync());
        Assert.Equal("end", await tooOld.TextAsync());
        using var oldest = await client.WatchAsync("resourceVersion=4");
        Assert.Equal("ADDED s3", await oldest.TextAsync());
    }

    [Fact]
    public async Task From_a_compacted_version_a_watch_is_410_if_the_options_say_so()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { ExpiredWatch = ExpiredWatch.HttpStatus });
        using var client = server.Client();
        server.Cluster.Create("endpointslices", Slice("a"));
        server.Cluster.Compact();

        using var watch = await client.WatchAsync("resourceVersion=1");
        Assert.Equal(410, watch.Status);
    }

    [Fact]
    public async Task Compaction_does_not_affect_open_watches()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var watch = await client.WatchAsync("resourceVersion=1");

        server.Cluster.Create("endpointslices", Slice("a"));
        server.Cluster.Compact();
        server.Cluster.Create("endpointslices", Slice("b"));

        Assert.Equal("ADDED a", await watch.TextAsync());
        Assert.Equal("ADDED b", await watch.TextAsync());
    }

    [Fact]
    public async Task A_streaming_list_marks_the_end_of_the_state_and_continues()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        server.Cluster.Create("endpointslices", Slice("a"));
        using var watch = await client.WatchAsync("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        Assert.Equal("ADDED a", await watch.TextAsync());
        var end = (await watch.NextAsync())!;
        Assert.Equal("true", (string?)end["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        server.Cluster.Create("endpointslices", Slice("b"));
        Assert.Equal("ADDED b", await watch.TextAsync());
    }

    [Fact]
    public async Task A_watcher_that_reads_too_slowly_is_dropped_and_the_others_are_not()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { WatchBuffer = 5 });
        using var client = server.Client();
        using var slow = await client.WatchAsync("resourceVersion=1");
        using var other = await client.WatchAsync("resourceVersion=1", "api/v1/namespaces/default/pods");
        var large = Slice("large");
        large["metadata"]!["annotations"] = new JsonObject { ["x"] = new string('x', 500_000) };
        server.Cluster.Create("endpointslices", large);

        // More than the buffers of sockets and pipes take.
        for (var i = 0; i < 200 && server.OpenWatches == 2; i++)
        {
            server.Cluster.Patch("endpointslices", "default", "large", []);
        }

        Assert.Equal(1, server.OpenWatches);
        server.Cluster.Create("pods", new() { ["metadata"] = new JsonObject { ["name"] = "p" } });
        Assert.Equal("ADDED p", await other.TextAsync());
        while (await slow.NextAsync() is not null)
        {
            // Queued events still arrive, and then the end.
        }
    }
}
