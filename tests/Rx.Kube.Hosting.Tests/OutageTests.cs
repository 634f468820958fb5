using System.Text.RegularExpressions;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.Hosting.Tests;

/// <summary>A web application whose API server fails, with <c>/health</c> and <c>/metrics</c> scraped all the time.</summary>
public sealed class OutageTests
{
    private static readonly Backoff _fast = new() { Initial = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(100) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_server_is_away_at_the_start_refuses_serves_is_killed_and_comes_back(bool hasServiceDefaults)
    {
        await using var server = await StartAsync();
        server.Offline = true;
        await using var app = await TestApplication.StartAsync(server.Url, builder =>
        {
            _ = hasServiceDefaults ? builder.AddServiceDefaults() : builder;
            builder.AddKubeTopology("outage", options =>
            {
                options.FirstSyncTimeout = TimeSpan.FromMilliseconds(200);
                options.StaleLimit = TimeSpan.Zero;
                options.Resume = new() { Backoff = _fast, RefusalBackoff = _fast };
            });
        });
        var scraper = new Scraper(app);

        var away = await scraper.UntilAsync(503, "Unreachable");
        Assert.Contains("Unhealthy No complete list of prod/outage", away.Health, StringComparison.Ordinal);
        Assert.Equal("syncing", FreshnessIn(away.Metrics));

        server.Faults.Inject(Fault.Status(403, "Forbidden"), times: 1_000_000);
        server.Offline = false;
        var refused = await scraper.UntilAsync(503, "Forbidden");
        Assert.Contains("kind: Role\n", refused.Health, StringComparison.Ordinal);
        Assert.Equal("syncing", FreshnessIn(refused.Metrics));
        Assert.DoesNotMatch("k8s_service_endpoint_count.*outage", refused.Metrics);

        server.Faults.Clear();
        var live = await scraper.UntilAsync(200, "Healthy prod/outage is live");
        Assert.Equal("live", FreshnessIn(live.Metrics));
        var ready = Assert.Single(live.Metrics.Split('\n'), line => IsOurs(line) && line.Contains("\"ready\"", StringComparison.Ordinal));
        Assert.EndsWith("} 2", ready, StringComparison.Ordinal);
        Assert.Contains("k8s_namespace_name=\"prod\"", ready, StringComparison.Ordinal);
        Assert.Contains("k8s_service_endpoint_address_type=\"IPv4\"", ready, StringComparison.Ordinal);
        Assert.Contains("k8s_service_endpoint_zone=\"eu-1\"", ready, StringComparison.Ordinal);

        server.Offline = true;
        var stale = await scraper.UntilAsync(200, "Degraded prod/outage is stale");
        Assert.Equal("stale", FreshnessIn(stale.Metrics));
        Assert.Contains(stale.Metrics.Split('\n'), IsOurs);

        server.Offline = false;
        var again = await scraper.UntilAsync(200, "Healthy prod/outage is live");
        Assert.Equal("live", FreshnessIn(again.Metrics));
        Assert.Equal([], scraper.Regressions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_credential_plugin_that_hangs_does_not_hold_the_start_and_is_named_by_the_error_and_the_health(bool failStart)
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Https = true });
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, $$$"""
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: me, namespace: prod}}]
            clusters: [{name: here, cluster: {server: "{{{server.Url}}}", insecure-skip-tls-verify: true}}]
            users: [{name: me, user: {exec: {
              apiVersion: client.authentication.k8s.io/v1, command: sleep, args: ["600"], interactiveMode: Never } } }]
            """);
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology(
                "cache", options => (options.FirstSyncTimeout, options.FailStart) = (TimeSpan.FromSeconds(2), failStart)),
            ("Kube:Connection:Kubeconfig", kubeconfig));

        var error = await Record.ExceptionAsync(host.StartAsync);

        const string Cause = "No complete list arrived within 2 s. Still waiting for the exec plugin \"sleep\"";
        if (failStart)
        {
            Assert.StartsWith(
                $"The topology 'cache' of prod/cache is not there. {Cause}", Assert.IsType<TimeoutException>(error).Message,
                StringComparison.Ordinal);
        }
        else
        {
            Assert.Null(error);
            Assert.Contains(
                host.Log.Lines,
                line => line.StartsWith($"Error Topology cache: the host starts without prod/cache. {Cause}", StringComparison.Ordinal));
            Assert.StartsWith(
                "No complete list of prod/cache has arrived. Still waiting for the exec plugin \"sleep\"",
                (await host.HealthAsync()).Description, StringComparison.Ordinal);
        }

        File.Delete(kubeconfig);
    }

    private static async Task<ApiServerSimulator> StartAsync()
    {
        var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Apply(Slice.Of("outage-abc", service: "outage", @namespace: "prod")
            .With("cache-0", "10.0.0.1", zone: "eu-1").With("cache-1", "10.0.0.2", zone: "eu-1").Manifest());
        return server;
    }

    // Other tests of this process have topologies too.
    private static bool IsOurs(string line) =>
        line.StartsWith("k8s_service_endpoint_count{", StringComparison.Ordinal) &&
        line.Contains("k8s_service_name=\"outage\"", StringComparison.Ordinal);

    private static string FreshnessIn(string metrics) => Regex.Match(
        Assert.Single(metrics.Split('\n'), line =>
            line.StartsWith("rxkube_topologies{", StringComparison.Ordinal) &&
            line.Contains("rxkube_topology=\"outage\"", StringComparison.Ordinal)),
        "rxkube_freshness=\"(\\w+)\"").Groups[1].Value;

    /// <summary>Scrapes; after the first 200, an answer that is none is a regression.</summary>
    private sealed class Scraper(TestApplication app)
    {
        private bool _wasReady;

        public List<string> Regressions { get; } = [];

        public async Task<(string Health, string Metrics)> UntilAsync(int status, string text)
        {
            var (health, metrics) = ("", "");
            await Eventually.TrueAsync(
                async () =>
                {
                    (var code, health) = await app.GetAsync("/health");
                    (var scraped, metrics) = await app.GetAsync("/metrics");
                    Assert.Equal(200, scraped);
                    if (_wasReady && code != 200)
                    {
                        Regressions.Add(health);
                    }

                    _wasReady |= code == 200;
                    return code == status && health.Contains(text, StringComparison.Ordinal);
                },
                $"{status} {text}");
            return (health, metrics);
        }
    }
}
