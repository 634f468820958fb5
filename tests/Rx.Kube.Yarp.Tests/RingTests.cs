using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.Testing;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Rx.Kube.Yarp.Tests;

/// <summary>Which destination a request gets by the policy <c>KubeRing</c>.</summary>
public sealed class RingTests
{
    private static readonly (string, string)[] _byUser =
        [("LoadBalancingPolicy", "KubeRing"), ("Metadata:KubeRing.Key", "header:x-user"), ("Metadata:KubeRing.Replicas", "2")];

    [Theory]
    [InlineData("query:user", "/?user={0}")]
    [InlineData("route:rest", "/{0}")]
    [InlineData("cookie:sid", "/")]
    [InlineData("header:x-user", "/")]
    [InlineData("code", "/")]
    public async Task A_key_goes_to_its_owner_on_the_ring_of_the_topology(string source, string path)
    {
        await using var pods = await Pods.StartAsync(3);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            IsPlain = true,
            Cluster = [("LoadBalancingPolicy", "KubeRing"), ("Metadata:KubeRing.Key", source == "code" ? "header:other" : source)],
            Options = options =>
            {
                if (source == "code")
                {
                    options.ByKey("CACHE", context => context.Request.Headers["x-user"]);
                }
            },
        });

        for (var i = 0; i < 30; i++)
        {
            var key = $"user-{i}";
            Assert.True(proxy.Ring.Ring.TryGetOwner(KeyHash.Of(key), out var owner));
            Assert.Equal((200, owner.Name), await proxy.GetAsync(string.Format(null, path, key), key, $"sid={key}"));
        }
    }

    [Fact]
    public async Task A_draining_member_gets_no_new_keys_and_no_requests_without_a_key_unless_no_other_is_left()
    {
        await using var pods = await Pods.StartAsync(3);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, _byUser);
        var key = proxy.KeyOf("cache-0", "cache-1");
        Assert.Equal("cache-0", (await proxy.GetAsync(key: key)).Body);

        pods.Drain("cache-0");
        await Eventually.TrueAsync(async () => (await proxy.GetAsync(key: key)).Body == "cache-1", "the next replica");
        Assert.Equal(3, proxy.Destinations().Length);
        for (var i = 0; i < 9; i++)
        {
            Assert.NotEqual("cache-0", (await proxy.GetAsync()).Body);
        }

        pods.Drain("cache-1");
        await Eventually.TrueAsync(
            async () => (await proxy.GetAsync(key: key)).Body == "cache-0", "both replicas drain: the owner, and not one without the key");
        pods.Drain("cache-2");
        await Task.Delay(200);
        Assert.Equal(200, (await proxy.GetAsync()).Status);
    }

    [Fact]
    public async Task Another_policy_has_no_draining_destinations_unless_all_are()
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, ("LoadBalancingPolicy", "RoundRobin"));

        pods.Drain("cache-0");
        await proxy.UntilAsync("cache-1");
        pods.Drain("cache-1");
        await proxy.UntilAsync("cache-0", "cache-1");
        Assert.Equal(200, (await proxy.GetAsync()).Status);
    }

    [Fact]
    public async Task An_unhealthy_owner_is_passed_over_and_a_destination_without_the_key_is_not_used_although_YARP_asks_no_policy_for_it()
    {
        await using var pods = await Pods.StartAsync(3);
        await using var proxy = await Proxy.StartAsync(
            pods.Server.Url, [.. _byUser, ("HealthCheck:AvailableDestinationsPolicy", "HealthyAndUnknown"),
                ("HealthCheck:Passive:Enabled", "true")]);
        var key = proxy.KeyOf("cache-0", "cache-1");
        var cluster = proxy.Cluster();
        var health = proxy.Services.GetRequiredService<IDestinationHealthUpdater>();
        async Task BreakAsync(string member, int left)
        {
            health.SetPassive(cluster, cluster.Destinations[$"c/{member}"], DestinationHealth.Unhealthy, TimeSpan.FromMinutes(1));
            await Eventually.TrueAsync(() => cluster.DestinationsState.AvailableDestinations.Count == left, "unhealthy");
        }

        await BreakAsync("cache-0", 2);
        Assert.Equal((200, "cache-1"), await proxy.GetAsync(key: key));
        await BreakAsync("cache-1", 1);
        Assert.Equal(503, (await proxy.GetAsync(key: key)).Status);
        Assert.Equal((200, "cache-2"), await proxy.GetAsync());
        Assert.Equal((200, "cache-2"), await proxy.GetAsync(key: proxy.KeyOf("cache-2", "cache-0")));
    }

    [Fact]
    public async Task Requests_without_a_key_stay_in_the_zone_of_this_pod_in_turn()
    {
        await using var pods = await Pods.StartAsync(0);
        foreach (var (member, zone) in new[] { ("cache-0", "eu-1"), ("cache-1", "eu-2"), ("cache-2", "eu-1") })
        {
            await pods.AddAsync(member, publish: false);
            pods.Slice = pods.Slice with
            {
                Endpoints = [.. pods.Slice.Endpoints.Select(endpoint => endpoint.TargetRef?.Name == member
                    ? endpoint with { Zone = zone, ForZones = [zone] } : endpoint)],
            };
        }

        pods.Publish();
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster = _byUser,
            Settings = [("Kube:Pod:Zone", "eu-1")],
        });

        var answers = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add((await proxy.GetAsync()).Body);
        }

        Assert.Equal(["cache-0", "cache-0", "cache-0", "cache-2", "cache-2", "cache-2"], answers.Order());
        Assert.NotEqual(answers[0], answers[1]);
        Assert.Equal("cache-1", (await proxy.GetAsync(key: proxy.KeyOf("cache-1"))).Body); // a key is stronger
    }

    [Fact]
    public async Task The_keys_of_a_member_that_YARP_does_not_have_yet_go_to_the_next_one()
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster = [("LoadBalancingPolicy", "KubeRing"), ("Metadata:KubeRing.Key", "header:x-user")],
            Options = options => (options.Settle, options.SettleAtMost) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1)),
        });

        await pods.AddAsync("cache-2");
        await Eventually.TrueAsync(() => proxy.Ring.Ring.Members.Length == 3, "the ring is ahead of YARP");

        Assert.Equal(2, proxy.Destinations().Length);
        Assert.Equal((200, "cache-1"), await proxy.GetAsync(key: proxy.KeyOf("cache-2", "cache-1")));
    }

    [Fact]
    public async Task With_one_replica_the_key_of_a_member_that_is_not_ready_is_refused()
    {
        await using var pods = await Pods.StartAsync(3);
        await using var proxy = await Proxy.StartAsync(
            pods.Server.Url, ("LoadBalancingPolicy", "KubeRing"), ("Metadata:KubeRing.Key", "header:x-user"));
        var key = proxy.KeyOf("cache-0");

        pods.Slice = pods.Slice.With("cache-0", pods["cache-0"].Address, ready: false, uid: pods["cache-0"].Uid);
        pods.Publish();

        await proxy.UntilAsync("cache-1", "cache-2");
        Assert.Equal(503, (await proxy.GetAsync(key: key)).Status);
        Assert.Equal(200, (await proxy.GetAsync(key: proxy.KeyOf("cache-1"))).Status);
    }
}
