using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests;

/// <summary>Health, logs and metrics over an outage, in virtual time.</summary>
public sealed class HealthTests
{
    private readonly ScriptedServer _server = new();

    [Fact]
    public async Task An_outage_is_healthy_until_the_limit_then_degraded_and_never_worse()
    {
        await using var host = TestHost.Build(_server, options => options.StaleLimit = TimeSpan.FromSeconds(30));
        await host.StartAsync();
        Advance(10);
        var live = await host.HealthAsync();
        Assert.Equal("prod/cache is live at version 17.", live.Description);
        Assert.Equal(("prod/cache", "live", "17"), (live.Data["service"], live.Data["freshness"], live.Data["version"]));
        Assert.False(live.Data.ContainsKey("since"));

        _server.Status = 0;
        var seen = new List<string>();
        foreach (var second in new[] { 20, 29, 42, 3600, 14_400 })
        {
            Advance(second);
            var health = await host.HealthAsync();
            seen.Add($"{second} {health.Status} {health.Data["freshness"]} {health.Data["version"]}");
        }

        Assert.Equal(
            ["20 Healthy stale 17", "29 Healthy stale 17", "42 Degraded stale 17", "3600 Degraded stale 17", "14400 Degraded stale 17"],
            seen);
        var stale = await host.HealthAsync();
        Assert.StartsWith("prod/cache is stale for ", stale.Description, StringComparison.Ordinal);
        Assert.Contains("Unreachable: ", stale.Description, StringComparison.Ordinal);
        Assert.IsType<string>(stale.Data["since"]);

        _server.Status = 200;
        Advance(14_500);
        Assert.Equal(HealthStatus.Healthy, (await host.HealthAsync()).Status);
    }

    [Fact]
    public async Task A_change_of_the_cause_is_logged_and_not_each_attempt()
    {
        await using var host = TestHost.Build(_server);
        await host.StartAsync();
        Advance(10);
        _server.Status = 0;
        Advance(3600);
        _server.Status = 403;
        Advance(7200);
        _server.Status = 200;
        Advance(7500);

        Assert.Equal(
            ["Information live", "Warning stale Unreachable", "Error stale Forbidden", "Information live again"],
            host.Log.Lines.Select(Short));
        Assert.True(_server.Http.Requests.Count > 100, "there were many attempts");
    }

    [Fact]
    public async Task What_the_network_sends_is_escaped_in_logs_and_health()
    {
        (_server.Status, _server.Message) = (400, "a\u001b[2J\r\nError Topology cache: forged \u202e");
        await using var host = TestHost.Build(_server);
        await host.StartAsync();
        Advance(10);

        var line = Assert.Single(host.Log.Lines);
        var health = (await host.HealthAsync()).Description!;
        Assert.All(new[] { line, health }, text => Assert.DoesNotContain(text, c => c is '\u001b' or '\r' or '\n' or '\u202e'));
    }

    [Fact]
    public async Task The_disposal_of_the_connection_is_an_end_that_health_and_log_show()
    {
        await using var host = TestHost.Build(_server);
        await host.StartAsync();
        Advance(10);

        host.Get<KubeConnection>().Dispose();
        Advance(20);

        var health = await host.HealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.StartsWith("The watch of prod/cache has ended: ", health.Description, StringComparison.Ordinal);
        Assert.Single(
            host.Log.Lines,
            line => line.StartsWith("Error Topology cache: the watch of prod/cache has ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_health_check_has_the_tag_for_readiness_and_the_application_may_change_it()
    {
        _server.Status = 0;
        await using var host = TestHost.Build(_server);
        var registration = Assert.Single(host.Get<IOptions<HealthCheckServiceOptions>>().Value.Registrations);
        Assert.Equal(("kube-topology-cache", "ready"), (registration.Name, Assert.Single(registration.Tags)));

        registration.FailureStatus = HealthStatus.Degraded;

        Assert.Equal(HealthStatus.Degraded, (await host.HealthAsync()).Status);
    }

    [Fact]
    public async Task The_metrics_have_the_names_of_OpenTelemetry_and_zeros_but_no_series_for_what_is_unknown()
    {
        (_server.Status, _server.Service) = (0, "metered");
        await using var host = TestHost.Build(_server, options => options.Service = "metered");
        await host.StartAsync();
        Assert.Equal(["rxkube.topologies 1 prod metered cache syncing"], Measure());

        _server.Status = 200;
        Advance(60);
        Assert.Equal(
            [
                "k8s.service.endpoint.count 2 prod metered cache IPv4  ready",
                "k8s.service.endpoint.count 2 prod metered cache IPv4  serving",
                "k8s.service.endpoint.count 0 prod metered cache IPv4  terminating",
                "rxkube.topologies 1 prod metered cache live",
            ],
            Measure());
    }

    [Fact]
    public async Task Two_names_for_one_service_have_series_of_their_own()
    {
        (_server.Status, _server.Service) = (200, "metered");
        await using var host = TestHost.Build(
            _server,
            options => options.Service = "metered",
            services => services.AddKubeTopology("writes", options =>
            {
                (options.Service, options.Scheduler, options.FirstSyncTimeout) = ("metered", _server.Clock, TimeSpan.Zero);
                options.Resume = ResumeOptions.WithoutJitter;
            }));
        await host.StartAsync();
        Advance(1);

        var measured = Measure();

        Assert.Contains("k8s.service.endpoint.count 2 prod metered cache IPv4  ready", measured);
        Assert.Contains("k8s.service.endpoint.count 2 prod metered writes IPv4  ready", measured);
        Assert.Equal(measured.Distinct(), measured);
    }

    // The meters of other tests have the same name.
    private List<string> Measure()
    {
        var measured = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Rx.Kube" && instrument.Name is "k8s.service.endpoint.count" or "rxkube.topologies")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            measured.Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. measured.Where(line => line.Contains("metered", StringComparison.Ordinal))];
    }

    private static string Short(string line)
    {
        var words = line.Split(' ');
        var cause = line.Split(". ") is [_, var rest, ..] ? " " + rest.Split(':')[0] : "";
        var again = line.Contains("live again", StringComparison.Ordinal) ? " again" : "";
        return $"{words[0]} {words[5].TrimEnd(',')}{again}{cause}";
    }

    private void Advance(double seconds) => _server.Clock.AdvanceTo(TimeSpan.FromSeconds(seconds));
}
