using System.Text.RegularExpressions;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests;

/// <summary>A web application whose API server fails, with <c>/health</c> and <c>/metrics</c> scraped all the time.</summary>
public sealed class OutageTests
{
    private static readonly Backoff _fast = new() { Initial = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task The_server_is_away_at_the_start_refuses_serves_is_killed_and_comes_back()
    {
        await using var server = await StartAsync();
        server.Offline = true;
        await using var app = await TestApplication.StartAsync(server.Url, builder => builder.AddKubeTopology("outage", options =>
        {
            options.FirstSyncTimeout = TimeSpan.FromMilliseconds(200);
            options.StaleLimit = TimeSpan.Zero;
            options.Resume = new() { Backoff = _fast, RefusalBackoff = _fast };
        }));
        var scraper = new Scraper(app);

        var away = await scraper.UntilAsync(503, "Unreachable");
        Assert.StartsWith("Unhealthy No complete list of prod/outage", away.Health, StringComparison.Ordinal);

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
        await scraper.UntilAsync(200, "Healthy prod/outage is live");
        Assert.Equal([], scraper.Regressions);
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
        Assert.Single(metrics.Split('\n'), line => line.Contains("rxkube_topology=\"outage\"", StringComparison.Ordinal)),
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
