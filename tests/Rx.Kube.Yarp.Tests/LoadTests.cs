using System.Globalization;

namespace Rx.Kube.Yarp.Tests;

/// <summary>Constant load while pods and the API server come and go.</summary>
public sealed class LoadTests
{
    [Theory]
    [MemberData(nameof(LoadVariants.ServiceDefaults), MemberType = typeof(LoadVariants))]
    public async Task No_idempotent_request_is_lost_while_pods_are_killed_drained_added_and_restarted(bool hasServiceDefaults)
    {
        await using var pods = await Pods.StartAsync(4);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster =
            [
                ("LoadBalancingPolicy", "KubeRing"), ("Metadata:KubeRing.Key", "header:x-user"), ("Metadata:KubeRing.Replicas", "2"),
                ("HealthCheck:Passive:Enabled", "true"),
            ],
            Builder = builder => _ = hasServiceDefaults ? builder.AddServiceDefaults() : builder,
            App = app => _ = hasServiceDefaults ? app.MapDefaultEndpoints() : app,
        });
        await using var load = new Load(proxy);
        await load.MoreAsync(100);

        // One fault at a time: with two replicas, the next one may only begin when YARP knows of the one before.

        await pods["cache-1"].KillAsync(); // its slice lists it
        await load.MoreAsync(200);
        pods.Remove("cache-1");
        await proxy.UntilAsync("cache-0", "cache-2", "cache-3");
        await load.MoreAsync(100);

        await pods.AddAsync("cache-1"); // the same member at a new address
        await proxy.UntilAsync("cache-0", "cache-1", "cache-2", "cache-3");
        await load.MoreAsync(100);

        pods.Drain("cache-2");
        await Eventually.TrueAsync(
            () => proxy.Cluster().Destinations["c/cache-2"].Model.Config.Metadata!["Rx.Kube.Draining"] == "true", "draining");
        await load.MoreAsync(100);
        await pods["cache-2"].KillAsync();
        await load.MoreAsync(50);
        pods.Remove("cache-2");
        await proxy.UntilAsync("cache-0", "cache-1", "cache-3");
        await load.MoreAsync(100);

        await pods.AddAsync("cache-4");
        await proxy.UntilAsync("cache-0", "cache-1", "cache-3", "cache-4");
        await load.MoreAsync(100);

        pods.Server.Offline = true;
        var seconds = Environment.GetEnvironmentVariable("RXKUBE_AWAY_SECONDS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
        await Task.Delay(TimeSpan.FromSeconds(seconds / 2.0));
        await pods["cache-3"].KillAsync(); // dies while the API server is away
        await Task.Delay(TimeSpan.FromSeconds(seconds / 2.0));
        await load.MoreAsync(100);
        pods.Remove("cache-3");
        pods.Server.Offline = false;
        await proxy.UntilAsync("cache-0", "cache-1", "cache-4");
        await load.MoreAsync(100);

        Console.WriteLine(
            $"service defaults {hasServiceDefaults}: {load.Count} requests, {load.Lost.Count} lost, {proxy.Reloads.Count} reloads");
        Assert.Equal([], load.Lost);
        Assert.Equal(0, proxy.Reloads.Failures);
        Assert.Equal(1, pods.Server.OpenWatches);
    }
}
