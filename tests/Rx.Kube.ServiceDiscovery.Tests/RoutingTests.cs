using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Rx.Kube.ServiceDiscovery.Tests.Support;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.ServiceDiscovery.Tests;

/// <summary>A key goes to its owner, each further attempt to the next replica.</summary>
public sealed class RoutingTests
{
    private static readonly HttpRequestOptionsKey<string> _option = new("key");

    [Fact]
    public async Task A_key_goes_to_its_owner_wherever_the_key_is()
    {
        await using var cluster = await PodCluster.StartAsync(4);
        foreach (var routing in new Action<KubeRouting>[]
        {
            r => r.ByHeader("x-key"), r => r.ByKey(_option), r => r.ByKey(request => request.RequestUri!.Segments[^1]),
        })
        {
            await using var caller = await Caller.RoutingAsync(cluster, routing);
            for (var i = 0; i < 40; i++)
            {
                var key = $"user-{i}";
                Assert.True(caller.Topology.CurrentRing.Required.Ring.TryGetOwner(KeyHash.Of(key), out var owner));
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/users/{key}");
                request.Headers.Add("x-key", key);
                request.Options.Set(_option, key);
                using var response = await caller.Client.SendAsync(request);

                Assert.StartsWith(
                    $"{owner.Name} 8080 cache HTTP/1.1 /users/{key}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                Assert.Equal(new Uri($"http://cache/users/{key}"), request.RequestUri);
                Assert.Null(request.Headers.Host);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_a_key_the_endpoints_take_turns(string? key)
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var caller = await Caller.RoutingAsync(cluster, r => r.ByHeader("x-key"));

        Assert.Equal(new() { ["cache-0"] = 20, ["cache-1"] = 20 }, await caller.TallyAsync(40, key));
    }

    [Fact]
    public async Task Each_attempt_of_a_retry_goes_to_the_next_replica()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
            // The resilience handler is added last; routing is inside all the same.
            builder.Services.AddHttpClient("cache", Caller.Base).AddServiceDiscovery().AddKubeRouting(r => r.ByHeader("x-key").Replicas(3))
                .AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
        });
        var replicas = ReplicasOf(caller, "user-42", 3);
        cluster[replicas[0]].Status = 503;
        cluster[replicas[1]].Status = 500;

        Assert.Equal(replicas[2], await caller.AskAsync(key: "user-42"));

        Assert.Equal([1, 1, 1], replicas.Select(name => cluster[name].Requests));
    }

    [Fact]
    public async Task Each_attempt_without_a_key_has_another_endpoint()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var caller = await Caller.StartAsync(cluster, builder => builder.Services.AddHttpClient("cache", Caller.Base)
            .AddKubeRouting().AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1)));
        cluster["cache-0"].Status = cluster["cache-2"].Status = 503;

        Assert.Equal(new() { ["cache-1"] = 12 }, await caller.TallyAsync(12));

        Assert.InRange(cluster["cache-0"].Requests + cluster["cache-2"].Requests, 10, 14);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hedge_goes_to_the_next_replica(bool aspire)
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            if (aspire)
            {
                builder.Services.ConfigureHttpClientDefaults(http =>
                {
                    http.AddStandardResilienceHandler();
                    http.AddServiceDiscovery(); // outside of the hedge, which is added to the client
                });
            }

            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
            builder.Services.AddHttpClient("cache", Caller.Base).AddKubeRouting(r => r.ByHeader("x-key").Replicas(2))
                .AddStandardHedgingHandler().Configure(options => options.Hedging.Delay = TimeSpan.FromMilliseconds(50));
        });
        var replicas = ReplicasOf(caller, "user-42", 2);
        cluster[replicas[0]].Delay = TimeSpan.FromSeconds(20);

        Assert.Equal(replicas[1], await caller.AskAsync(key: "user-42"));

        Assert.Equal((1, 1), (cluster[replicas[0]].Requests, cluster[replicas[1]].Requests));
    }

    [Fact]
    public async Task A_pod_that_is_dead_while_its_slice_still_lists_it_costs_no_request_even_without_retries()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var caller = await Caller.RoutingAsync(cluster, r => r.ByHeader("x-key").Replicas(2));
        var replicas = ReplicasOf(caller, "user-42", 2);
        Assert.Equal(replicas[0], await caller.AskAsync(key: "user-42"));
        await cluster[replicas[0]].KillAsync();
        await caller.Client.GetAsync(new Uri("/", UriKind.Relative)); // whatever was in the pool is gone

        for (var i = 0; i < 200; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("written once") };
            request.Headers.Add("x-key", "user-42");
            using var response = await caller.Client.SendAsync(request);
            var answer = await response.Content.ReadAsStringAsync();
            Assert.StartsWith(replicas[1], answer, StringComparison.Ordinal);
            Assert.EndsWith("written once", answer, StringComparison.Ordinal);
        }

        Assert.Equal(60, (await caller.TallyAsync(60)).Values.Sum());
    }

    [Fact]
    public async Task A_connection_that_is_reset_as_it_is_made_costs_no_request()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        var resetting = new ResettingHandler();
        await using var caller = await Caller.StartAsync(cluster, builder => builder.Services.AddHttpClient("cache", Caller.Base)
            .AddKubeRouting(r => r.ByHeader("x-key").Replicas(2)).ConfigurePrimaryHttpMessageHandler(() => resetting));
        var replicas = ReplicasOf(caller, "user-42", 2);

        resetting.Hosts = [cluster[replicas[0]].Address];
        Assert.Equal(replicas[1], await caller.AskAsync(key: "user-42"));

        // Retries know no other exception.
        resetting.Hosts = [.. replicas.Select(name => cluster[name].Address)];
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync(key: "user-42"));
        Assert.Equal(HttpRequestError.ConnectionError, error.HttpRequestError);
        Assert.IsType<SocketException>(error.InnerException);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_costs_the_connect_timeout_and_no_request()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        var silent = "";
        await using var caller = await Caller.StartAsync(cluster, builder => builder.Services.AddHttpClient("cache", Caller.Base)
            .AddKubeRouting(r => r.ByHeader("x-key").Replicas(2))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromMilliseconds(100),
                ConnectCallback = async (context, ct) =>
                {
                    if (context.DnsEndPoint.Host == silent)
                    {
                        await Task.Delay(Timeout.Infinite, ct);
                    }

                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(context.DnsEndPoint, ct);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }));
        var replicas = ReplicasOf(caller, "user-42", 2);
        silent = cluster[replicas[0]].Address;

        Assert.Equal(replicas[1], await caller.AskAsync(key: "user-42"));
    }

    [Fact]
    public async Task When_all_endpoints_near_the_pod_are_dead_the_others_are_asked()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        static Models.Endpoint In(string zone, Pod pod) => new()
        {
            Addresses = [pod.Address],
            Ready = true,
            Zone = zone,
            ForZones = [zone],
            TargetRef = new("Pod", "prod", pod.Name, $"uid-{pod.Name}"),
        };
        cluster.Publish(cluster.Slice.With(In("a", cluster["cache-0"]), In("b", cluster["cache-1"])));
        await using var caller = await Caller.RoutingAsync(cluster, settings: ("Kube:Pod:Zone", "a"));
        Assert.Equal(new() { ["cache-0"] = 10 }, await caller.TallyAsync(10));

        await cluster["cache-0"].KillAsync();

        await Eventually.TrueAsync(
            async () => (await Record.ExceptionAsync(() => caller.AskAsync())) is null, "the connection in the pool is gone");
        Assert.Equal(new() { ["cache-1"] = 10 }, await caller.TallyAsync(10));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_draining_member_gets_no_new_key_and_a_response_under_way_is_finished(bool hasServiceDefaults)
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            _ = hasServiceDefaults ? builder.AddServiceDefaults().Services.AddKubeServiceDiscovery() : builder.Services;
            builder.Services.AddHttpClient("cache", Caller.Base).AddKubeRouting(r => r.ByHeader("x-key").Replicas(2));
        });
        var replicas = ReplicasOf(caller, "user-42", 2);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stream");
        request.Headers.Add("x-key", "user-42");
        using var response = await caller.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var owner = cluster[replicas[0]];

        cluster.Publish(cluster.Slice.With(owner.Name, owner.Address, ready: false, serving: true, terminating: true));
        await caller.SeesAsync(topology => topology.Ready.Count == 2);
        Assert.Equal(replicas[1], await caller.AskAsync(key: "user-42"));
        var others = cluster.Slice.Endpoints.Select(endpoint => endpoint.TargetRef!.Name).Where(name => name != owner.Name);
        Assert.Equal(others.Select(name => (name, 20)), (await caller.TallyAsync(40)).Select(pod => (pod.Key, pod.Value)));
        cluster.Publish(cluster.Slice.Without(owner.Name));
        await caller.SeesAsync(topology => topology.Endpoints.Count == 2);
        await Eventually.TrueAsync(() => caller.Topology.CurrentRing.Required.Ring.Members.Length == 2, "the ring");

        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(50, lines.Length);
        Assert.All(lines, line => Assert.StartsWith(owner.Name, line, StringComparison.Ordinal));
        Assert.Equal(replicas[1], await caller.AskAsync(key: "user-42"));
    }

    [Fact]
    public async Task When_all_replicas_drain_the_owner_still_serves_its_key()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        var slice = cluster.Slice;
        foreach (var name in new[] { "cache-0", "cache-1" })
        {
            slice = slice.With(name, cluster[name].Address, ready: false, serving: true, terminating: true);
        }

        cluster.Publish(slice);
        await using var caller = await Caller.RoutingAsync(cluster, r => r.ByHeader("x-key").Replicas(2));

        Assert.Equal(ReplicasOf(caller, "user-42", 2)[0], await caller.AskAsync(key: "user-42"));
    }

    [Fact]
    public async Task The_error_without_a_usable_replica_has_the_Service_the_members_and_the_reasons()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var caller = await Caller.RoutingAsync(
            cluster, r => r.ByHeader("x-key").Replicas(3), options => options.HoldDepartures = TimeSpan.FromMinutes(5));
        var replicas = ReplicasOf(caller, "user-42", 3);
        cluster.Publish(cluster.Slice
            .With(replicas[0], cluster[replicas[0]].Address, ready: false)
            .With(replicas[1], cluster[replicas[1]].Address, ready: false, serving: false, terminating: true)
            .Without(replicas[2]));
        await caller.SeesAsync(topology => topology.Endpoints.Count == 2);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync(key: "user-42"));

        Assert.StartsWith(
            $"No replica of the key in prod/cache can be used: {replicas[0]} is not ready, {replicas[1]} is terminating and not serving, " +
            $"{replicas[2]} is gone, though it keeps its place on the ring (live, version ",
            error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("user-42", error.Message, StringComparison.Ordinal);

        error = await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync());
        Assert.StartsWith(
            "No endpoint of prod/cache can be used: none of its 2 endpoints is ready", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_one_member_leaves_only_its_keys_move()
    {
        await using var cluster = await PodCluster.StartAsync(4);
        await using var caller = await Caller.RoutingAsync(cluster, r => r.ByHeader("x-key"));
        var keys = Enumerable.Range(0, 200).Select(i => $"user-{i}").ToArray();
        var before = caller.Topology.CurrentRing.Required;
        Dictionary<string, string> owners = [];
        foreach (var key in keys)
        {
            owners[key] = await caller.AskAsync(key: key);
        }

        cluster.Publish(cluster.Slice.Without("cache-2"));
        await Eventually.TrueAsync(() => caller.Topology.CurrentRing.Required.Ring.Members.Length == 3, "the ring");
        var diff = caller.Topology.CurrentRing.Required.Ring.DiffFrom(before.Ring);

        foreach (var key in keys)
        {
            var moved = await caller.AskAsync(key: key) != owners[key];
            Assert.Equal(owners[key] == "cache-2", moved);
            Assert.Equal(diff.Moves.Any(move => move.Range.Contains(KeyHash.Of(key))), moved);
        }
    }

    [Fact]
    public async Task A_request_to_another_host_is_not_changed_and_service_discovery_still_resolves_it()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        var other = await cluster.StartPodAsync("other");
        await using var caller = await Caller.StartAsync(
            cluster,
            builder =>
            {
                builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
                builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery().AddKubeRouting());
                builder.Services.AddHttpClient("cache", Caller.Base);
            },
            settings: ("Services:other:http:0", $"http://{other.Address}:{Pod.Http}"));

        Assert.Equal("other", await caller.AskAsync("http://other/"));
        Assert.Equal(
            $"other 8080 {other.Address}:{Pod.Http} HTTP/1.1 /",
            await caller.Client.GetStringAsync(new Uri($"http://{other.Address}:{Pod.Http}/")));
        Assert.Equal("cache-0", await caller.AskAsync());
        Assert.Equal("cache-0", await caller.AskAsync("https+http://_http.cache/"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Handlers_rotate_and_there_is_one_watch(bool hasServiceDefaults)
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            if (hasServiceDefaults)
            {
                builder.AddServiceDefaults();
            }

            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
            builder.Services.AddHttpClient("cache", Caller.Base).AddServiceDiscovery().AddKubeRouting()
                .SetHandlerLifetime(TimeSpan.FromSeconds(1));
            builder.Services.AddHttpClient("plain", Caller.Base).AddServiceDiscovery().SetHandlerLifetime(TimeSpan.FromSeconds(1));
        });
        var factory = caller.Services.GetRequiredService<IHttpMessageHandlerFactory>();
        HashSet<HttpMessageHandler> handlers = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await caller.AskAsync();
                using var plain = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient("plain");
                await plain.GetStringAsync(new Uri("http://cache/"));
                handlers.Add(factory.CreateHandler("cache"));
                Assert.Equal(1, cluster.Server.OpenWatches);
                return handlers.Count == 3;
            },
            "three handlers");
        Assert.Equal(20, (await caller.TallyAsync(40))["cache-0"]);
    }

    [Fact]
    public async Task A_request_that_blocks_its_thread_is_routed_too()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        HashSet<string> answers = [];
        foreach (var address in new[] { "http://cache/", "http://cache/", $"http://{cluster["cache-0"].Address}:{Pod.Metrics}/" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = caller.Client.Send(request);
            using var reader = new StreamReader(response.Content.ReadAsStream());
            answers.Add(string.Join(' ', reader.ReadToEnd().Split(' ')[..2]));
        }

        Assert.Equal(["cache-0 8080", "cache-0 9090", "cache-1 8080"], answers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_request_that_comes_before_the_first_list_waits_for_it_and_goes_to_its_owner()
    {
        await using var cluster = await PodCluster.StartAsync(4);
        cluster.Server.Offline = true;
        await using var caller = await Caller.RoutingAsync(cluster, r => r.ByHeader("x-key"), options =>
        {
            options.FirstSyncTimeout = TimeSpan.Zero;
            options.Resume = new() { Backoff = new() { Initial = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromSeconds(0.1) } };
        });
        var answer = caller.AskAsync(key: "user-42");
        Assert.False(answer.IsCompleted);

        cluster.Server.Offline = false;

        var pod = await answer;
        Assert.Equal(ReplicasOf(caller, "user-42", 1)[0], pod);
    }

    [Fact]
    public async Task With_one_connect_an_attempt_ends_with_the_first_error()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var caller = await Caller.RoutingAsync(cluster, r => r.ByHeader("x-key").Replicas(2).Connects(1));
        await cluster[ReplicasOf(caller, "user-42", 2)[0]].KillAsync();

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync(key: "user-42"));

        Assert.Equal(HttpRequestError.ConnectionError, error.HttpRequestError);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        void Route(Action<KubeRouting> configure)
        {
            var services = new ServiceCollection();
            services.AddKubeTopology("cache");
            services.AddKubeConnection(connection => connection.Server = new("http://127.0.0.1:1"));
            services.AddHttpClient("cache").AddKubeRouting(configure);
            using var provider = services.BuildServiceProvider();
            provider.GetRequiredService<IHttpClientFactory>().CreateClient("cache");
        }

        Assert.Throws<ArgumentNullException>("keyOf", () => Route(r => r.ByKey(null!)));
        Assert.Throws<ArgumentException>("name", () => Route(r => r.ByHeader("")));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Route(r => r.Replicas(0)));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Route(r => r.Replicas(101)));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Route(r => r.Connects(0)));
        Assert.Throws<ArgumentNullException>("builder", () => KubeServiceDiscoveryExtensions.AddKubeRouting(null!));
        Assert.Throws<ArgumentNullException>("services", () => KubeServiceDiscoveryExtensions.AddKubeServiceDiscovery(null!));
    }

    private static string[] ReplicasOf(Caller caller, string key, int count)
    {
        var replicas = new RingMember[count];
        Assert.Equal(count, caller.Topology.CurrentRing.Required.Ring.GetReplicas(KeyHash.Of(key), replicas));
        return [.. replicas.Select(replica => replica.Name)];
    }
}
