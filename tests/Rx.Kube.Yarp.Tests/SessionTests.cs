using Yarp.ReverseProxy.Model;

namespace Rx.Kube.Yarp.Tests;

/// <summary>Sessions and health belong to a member, until another pod has its name.</summary>
public sealed class SessionTests
{
    private static readonly (string, string)[] _sessions =
    [
        ("LoadBalancingPolicy", "KubeRing"), ("SessionAffinity:Enabled", "true"), ("SessionAffinity:AffinityKeyName", "sid"),
        ("SessionAffinity:Policy", "HashCookie"),
    ];

    [Fact]
    public async Task A_session_stays_with_its_member_when_that_comes_back_at_another_address()
    {
        await using var pods = await Pods.StartAsync(3);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, _sessions);
        var (member, cookie) = await BeginAsync(proxy);

        await pods[member].KillAsync();
        await pods.AddAsync(member);
        await Eventually.TrueAsync(
            () => proxy.Destinations().Any(d => d.StartsWith($"c/{member} http://{pods[member].Address}:", StringComparison.Ordinal)),
            "the address");

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal((200, member), await proxy.GetAsync(cookie: cookie));
        }
    }

    [Fact]
    public async Task A_draining_member_keeps_its_sessions_and_gets_no_new_ones()
    {
        await using var pods = await Pods.StartAsync(3);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, _sessions);
        var (member, cookie) = await BeginAsync(proxy);

        pods.Drain(member);
        await Eventually.TrueAsync(
            () => proxy.Cluster().Destinations[$"c/{member}"].Model.Config.Metadata!["Rx.Kube.Draining"] == "true", "draining");

        Assert.Equal((200, member), await proxy.GetAsync(cookie: cookie));
        for (var i = 0; i < 9; i++)
        {
            Assert.NotEqual(member, (await BeginAsync(proxy)).Member);
        }

        pods.Remove(member);
        await Eventually.TrueAsync(() => proxy.Destinations().Length == 2, "gone");
        var (status, other) = await proxy.GetAsync(cookie: cookie);
        Assert.Equal(200, status);
        Assert.NotEqual(member, other);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_restarted_pod_gets_traffic_at_once_although_its_predecessor_was_unhealthy(bool sameAddress, bool hasServiceDefaults)
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await UnhealthyAsync(pods, hasServiceDefaults);
        var unhealthy = proxy.Cluster().Destinations["c/cache-0"];

        // The same name, another pod, without a time in which it was not listed.
        await pods.AddAsync("cache-0", address: sameAddress ? pods["cache-0"].Address : null);
        await Eventually.TrueAsync(() => proxy.Cluster().DestinationsState.AvailableDestinations.Count == 2, "available");

        // The failures of its predecessor do not count: it stays available.
        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add((await proxy.GetAsync()).Body);
        }

        Assert.Equal(10, answers.Count(answer => answer == "cache-0"));
        Assert.Equal(DestinationHealth.Healthy, proxy.Cluster().Destinations["c/cache-0"].Health.Passive);
        Assert.NotSame(unhealthy, proxy.Cluster().Destinations["c/cache-0"]);
    }

    [Fact]
    public async Task The_same_pod_at_another_address_keeps_its_health()
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await UnhealthyAsync(pods);
        var unhealthy = proxy.Cluster().Destinations["c/cache-0"];

        await pods.AddAsync("cache-0", uid: pods["cache-0"].Uid);
        await Eventually.TrueAsync(
            () => proxy.Destinations().Any(d => d.StartsWith($"c/cache-0 http://{pods["cache-0"].Address}:", StringComparison.Ordinal)),
            "the address");

        Assert.Same(unhealthy, proxy.Cluster().Destinations["c/cache-0"]);
        Assert.Equal(DestinationHealth.Unhealthy, unhealthy.Health.Passive);
    }

    // Kills cache-0, and sends requests until YARP takes it for unhealthy.
    private static async Task<Proxy> UnhealthyAsync(Pods pods, bool hasServiceDefaults = false)
    {
        var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster =
            [
                ("LoadBalancingPolicy", "KubeRing"), ("HealthCheck:Passive:Enabled", "true"),
                ("HealthCheck:AvailableDestinationsPolicy", "HealthyAndUnknown"),
            ],
            Builder = builder => _ = hasServiceDefaults ? builder.AddServiceDefaults() : builder,
        });
        await pods["cache-0"].KillAsync();
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal((200, "cache-1"), await proxy.GetAsync());
        }

        await Eventually.TrueAsync(() => proxy.Cluster().DestinationsState.AvailableDestinations.Count == 1, "unhealthy");
        Assert.Equal(DestinationHealth.Unhealthy, proxy.Cluster().Destinations["c/cache-0"].Health.Passive);
        return proxy;
    }

    private static async Task<(string Member, string Cookie)> BeginAsync(Proxy proxy)
    {
        using var request = Proxy.Request(HttpMethod.Get, "/");
        using var response = await proxy.Client.SendAsync(request);
        return (await response.Content.ReadAsStringAsync(), Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0]);
    }
}
