using System.Diagnostics;
using System.Net;
using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.RealServer.Tests.Watch;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>What a server does to its watches: each fault once, on the real server, with the requests that answer it.</summary>
public sealed class ServerFaultTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_server_that_is_killed_and_restarted_is_caught_up_with_and_the_gap_is_said()
    {
        await server.RestartAsync();
        await using var watched = await Watched.StartAsync(server, "killed");

        server.KillServer();
        await WatchingClient.WaitUntilAsync(
            () => watched.Client.Latest!.Freshness is Freshness.Stale, Watched.Soon, () => "the client did not say that it is stale");
        await server.StartServerAsync();
        await watched.ChangeAsync(5);
        await watched.CatchUpAsync(Watched.Soon);

        watched.AssertRight();
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_history_that_is_compacted_while_the_client_is_away_leads_to_one_list()
    {
        await server.RestartAsync(server.NoSliceCacheFlag);
        await using var watched = await Watched.StartAsync(server, "compacted");

        watched.Proxy.Refuse(true);
        watched.Proxy.Cut();
        await watched.ChangeAsync(20);
        await server.CompactAsync();
        await watched.ChangeAsync(5);
        await server.CompactAsync();
        watched.Proxy.Refuse(false);
        await watched.CatchUpAsync(Watched.Soon);

        watched.AssertRight();
        Assert.Equal([Continuity.First, Continuity.Relisted], watched.Client.Lists);
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_slow_reader_that_the_server_drops_catches_up()
    {
        await server.RestartAsync();
        await using var watched = await Watched.StartAsync(server, "slow");
        var dropped = await DroppedWatchersAsync();

        watched.Proxy.Stall(true);
        var patience = Stopwatch.StartNew();
        while (await DroppedWatchersAsync() == dropped)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), "the server did not drop the slow reader");
            await watched.ChangeAsync(50);
        }

        watched.Proxy.Stall(false);
        await watched.CatchUpAsync(Watched.Soon);

        watched.AssertRight();
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_server_that_throttles_gets_no_request_before_the_time_that_it_asked_for()
    {
        await server.RestartAsync(server.OneRequestFlags);
        using (var admin = server.Client())
        {
            foreach (var name in (string[])["big-a", "big-b", "big-c"])
            {
                var big = SliceManifest.Of(name, "big", [.. Enumerable.Range(0, 1000)]);
                (await admin.PostAsync(server.SlicesPath, new StringContent(big, null, "application/json"))).EnsureSuccessStatusCode();
            }
        }

        await using var watched = await Watched.StartAsync(server, "throttled");
        watched.Client.Dispose();
        watched.Proxy.Cut();
        var before = watched.Requests.Length;
        using var connection = KubeConnection.FromKubeconfig(server.KubeconfigThrough(watched.Proxy.Url));
        using var greedy = server.Client();
        using (await HoldRequestAsync(greedy)) // the one request that the server handles at a time
        {
            // Without the server's wish, it would ask again after 50 ms.
            using var client = new WatchingClient(
                connection.EndpointSlices(service: "throttled"), new ServiceName(server.Namespace, "throttled"),
                new() { Backoff = new Backoff { Initial = TimeSpan.FromMilliseconds(50), Factor = 1, Jitter = 0 } });
            await WatchingClient.WaitUntilAsync(() => Throttled().Length >= 3, Watched.Soon, () => "three requests were not throttled");
            Assert.True(client.Latest is null or { Freshness: Freshness.Syncing });
        }

        WireRequest[] Throttled() => [.. watched.Requests.Where(r => r.Status == HttpStatusCode.TooManyRequests)];
        var requests = watched.Requests[before..];
        foreach (var throttled in Throttled())
        {
            Assert.Equal(TimeSpan.FromSeconds(1), throttled.RetryAfter);
            var next = requests.FirstOrDefault(r => r.Sent > throttled.Answered);
            Assert.True(
                next is null || Stopwatch.GetElapsedTime(throttled.Answered, next.Sent) >= throttled.RetryAfter,
                $"{next} came {Stopwatch.GetElapsedTime(throttled.Answered, next?.Sent ?? 0)} after {throttled}");
        }
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_rotated_token_resumes_the_watch_and_the_old_one_is_not_used_after_its_refusal()
    {
        await server.RestartAsync();
        var file = server.NewFile("token");
        await File.WriteAllTextAsync(file, server.Tokens.Reader);
        await using var watched = await Watched.StartAsync(server, "rotated", user: $"tokenFile: \"{file}\"");

        server.KillServer();
        await File.WriteAllTextAsync(file, "rotated-token");
        await server.StartServerWithTokensAsync(
            $"{server.Tokens.Admin},admin,1,\"admins,system:masters\"\nrotated-token,reader,2,readers\n");
        await watched.ChangeAsync(5);
        await watched.CatchUpAsync(Watched.Soon);

        watched.AssertRight();
        var requests = watched.Requests;
        var refused = requests.Where(r => r.Status == HttpStatusCode.Unauthorized).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, r => Assert.Equal(server.Tokens.Reader, r.Token));
        Assert.All(requests.Where(r => r.Sent > refused[0].Answered), r => Assert.Equal("rotated-token", r.Token));
        await server.RestartAsync();
    }

    [RealServerFact]
    public async Task A_namespace_is_streamed_and_a_Service_is_listed()
    {
        await using var streamed = await Watched.StartAsync(server, "streamed", selects: false);
        await using var listed = await Watched.StartAsync(server, "listed");
        await streamed.ChangeAsync(5);
        await streamed.CatchUpAsync(Watched.Soon);

        streamed.AssertRight();
        var request = Assert.Single(streamed.Requests); // the list and the watch are one request
        Assert.True(request.IsStreamingList, request.ToString());
        Assert.Equal([false, true], listed.Requests.Select(r => r.IsWatch));
        Assert.DoesNotContain(listed.Requests, r => r.IsStreamingList);
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_server_without_streaming_lists_is_asked_for_one_once()
    {
        await server.RestartAsync(server.NoStreamingListsFlag);
        await using var watched = await Watched.StartAsync(server, "unstreamed", selects: false);
        watched.Proxy.Refuse(true);
        watched.Proxy.Cut();
        await watched.ChangeAsync(5);
        await server.RestartAsync(server.NoStreamingListsFlag); // a new watch cache does not have the old version: another list
        watched.Proxy.Refuse(false);
        await watched.CatchUpAsync(Watched.Soon);

        watched.AssertRight();
        Assert.Equal([Continuity.First, Continuity.Relisted], watched.Client.Lists);
        var first = Assert.Single(watched.Requests, r => r.IsStreamingList);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, first.Status);
        Assert.Same(watched.Requests[0], first);
        Assert.Equal(2, watched.Requests.Count(r => !r.IsWatch && r.Status == HttpStatusCode.OK));
    }

    private Task<double> DroppedWatchersAsync() => server.MetricAsync("apiserver_terminated_watchers_total");

    /// <summary>Sends a list whose answer is not read, so that the server cannot finish it, and waits until the server is full.</summary>
    private async Task<HttpResponseMessage> HoldRequestAsync(HttpClient client)
    {
        var held = await client.GetAsync(server.SlicesPath, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, held.StatusCode);
        using var other = server.Client();
        using var refused = await other.GetAsync(server.SlicesPath + "?limit=1");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        return held;
    }
}
