using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rx.Kube.RealServer.Tests.Resilience;
using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.RealServer.Tests.Watch;

namespace Rx.Kube.RealServer.Tests.Hosting;

/// <summary>A host whose user first has no permission, then gets it, and whose server is then killed and comes back.</summary>
public sealed class HostTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private static readonly Backoff _fast = new() { Initial = TimeSpan.FromMilliseconds(100), Max = TimeSpan.FromMilliseconds(300) };

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_host_starts_refused_becomes_ready_with_the_permission_and_stays_ready_while_the_server_is_away()
    {
        (await server.KubectlAsync("create --validate=false -f -", SliceManifest.Of("cache-a", "cache", 1, 2))).OutputOrThrow();
        using var host = Build();
        await host.StartAsync();

        var refused = await UntilAsync(host, HealthStatus.Unhealthy, "Forbidden");
        Assert.Contains("kind: RoleBinding", refused, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Tokens.Unprivileged, refused, StringComparison.Ordinal);
        Assert.Null(host.Services.GetRequiredService<CurrentValue<RingView>>().Value);

        server.KillServer();
        await StartWithPermissionAsync();
        await UntilAsync(host, HealthStatus.Healthy, "is live");
        var ring = host.Services.GetRequiredService<CurrentValue<RingView>>();
        Assert.Equal(["cache-a-1", "cache-a-2"], ring.Required.Ring.Members.Select(member => member.Name).Order());

        server.KillServer();
        await UntilAsync(host, HealthStatus.Degraded, "is stale");
        Assert.Equal(2, ring.Required.Ring.Members.Length);

        await StartWithPermissionAsync();
        (await server.KubectlAsync("create --validate=false -f -", SliceManifest.Of("cache-b", "cache", 3))).OutputOrThrow();
        await UntilAsync(host, HealthStatus.Healthy, "is live");
        await WatchingClient.WaitUntilAsync(
            () => ring.Required.Ring.Members.Length == 3, TimeSpan.FromSeconds(30), () => $"{ring.Required}");
        await host.StopAsync();
    }

    private Task StartWithPermissionAsync() => server.StartServerWithTokensAsync(
        $"{server.Tokens.Admin},admin,1,\"admins,system:masters\"\n{server.Tokens.Unprivileged},reader,2,readers\n");

    private IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddKubeConnection(connection => connection.Kubeconfig = server.Kubeconfig(server.Tokens.Unprivileged));
        builder.AddKubeTopology("cache", options =>
        {
            options.FirstSyncTimeout = TimeSpan.FromMilliseconds(500);
            options.StaleLimit = TimeSpan.Zero;
            options.Resume = new() { Backoff = _fast, RefusalBackoff = _fast };
        });
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    // Once ready, it is never unhealthy again.
    private static async Task<string> UntilAsync(IHost host, HealthStatus status, string text)
    {
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var last = "";
        var wasReady = status == HealthStatus.Degraded;
        var deadline = DateTime.UtcNow.AddSeconds(40);
        while (DateTime.UtcNow < deadline)
        {
            var entry = (await health.CheckHealthAsync()).Entries["kube-topology-cache"];
            last = $"{entry.Status} {entry.Description}";
            Assert.False(wasReady && entry.Status == HealthStatus.Unhealthy, last);
            if (entry.Status == status && last.Contains(text, StringComparison.Ordinal))
            {
                return last;
            }

            await Task.Delay(50);
        }

        Assert.Fail($"not {status} with '{text}' within 40 s: {last}");
        return last;
    }
}
