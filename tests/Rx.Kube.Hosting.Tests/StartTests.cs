using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests;

/// <summary>A start without a list, and what follows, in virtual time.</summary>
public sealed class StartTests
{
    private readonly ScriptedServer _server = new();

    [Fact]
    public async Task The_start_waits_for_the_first_list_so_that_hosted_services_find_it()
    {
        await using var host = TestHost.Build(_server, options => options.FirstSyncTimeout = TimeSpan.FromSeconds(10));

        var start = host.StartAsync();
        Assert.False(start.IsCompleted);
        Advance(1);
        await start;

        Assert.Equal(["cache-0", "cache-1"], host.Get<CurrentValue<ServiceTopology>>().Required.Members);
        Assert.Equal(HealthStatus.Healthy, (await host.HealthAsync()).Status);
    }

    [Fact]
    public async Task A_hosted_service_finds_the_snapshot_when_it_starts()
    {
        var seen = new List<string>();
        await using var host = TestHost.Build(
            _server, options => options.FirstSyncTimeout = TimeSpan.FromSeconds(10),
            services => services.AddHostedService(provider => new Reading(provider, seen)));

        var start = host.StartAsync();
        Assert.Empty(seen);
        Advance(1);
        await start;

        Assert.Equal(["cache-0", "cache-1"], seen);
    }

    [Fact]
    public async Task A_server_that_accepts_and_never_answers_does_not_hold_the_start_and_the_health_says_what_is_known()
    {
        _server.IsSilent = true;
        await using var host = TestHost.Build(_server, options => options.FirstSyncTimeout = TimeSpan.FromSeconds(10));

        var start = host.StartAsync();
        Advance(9.9);
        Assert.False(start.IsCompleted);
        Advance(10);
        await start;

        Assert.StartsWith(
            "Error Topology cache: the host starts without prod/cache. No complete list arrived within 10 s",
            host.Log.Lines[^1], StringComparison.Ordinal);
        var health = await host.HealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal("No complete list of prod/cache has arrived. No attempt has failed so far.", health.Description);
    }

    [Fact]
    public async Task While_the_server_is_away_the_host_starts_in_time_is_unhealthy_and_becomes_healthy_by_itself()
    {
        _server.Status = 0;
        await using var host = TestHost.Build(_server, options => options.FirstSyncTimeout = TimeSpan.FromSeconds(10));
        var seen = new List<string>();
        using var subscription = host.Get<IObservable<ServiceTopology>>().Subscribe(
            t => seen.Add($"{t.Freshness}"), _ => seen.Add("error"));

        var start = host.StartAsync();
        Advance(9.9);
        Assert.False(start.IsCompleted);
        Advance(10);
        await start;

        var health = await host.HealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.StartsWith("No complete list of prod/cache has arrived. Unreachable: ", health.Description, StringComparison.Ordinal);
        Assert.Contains(host.Log.Lines, line => line.StartsWith(
            "Error Topology cache: the host starts without prod/cache. No complete list arrived within 10 s. Unreachable: ",
            StringComparison.Ordinal));

        _server.Status = 200;
        Advance(60);
        Assert.Equal(HealthStatus.Healthy, (await host.HealthAsync()).Status);
        Assert.Equal("live", seen[^1]);
        Assert.DoesNotContain("error", seen);
    }

    [Fact]
    public async Task The_start_fails_if_the_options_say_so_and_names_the_cause()
    {
        _server.Status = 403;
        await using var host = TestHost.Build(
            _server, options => (options.FirstSyncTimeout, options.FailStart) = (TimeSpan.FromSeconds(10), true));

        var start = host.StartAsync();
        Advance(10);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => start);
        Assert.StartsWith(
            "The topology 'cache' of prod/cache is not there. No complete list arrived within 10 s. Forbidden: kube does not allow to list",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("kind: RoleBinding", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_permission_is_in_the_health_with_its_Role_and_is_tried_again_slowly_until_it_is_there()
    {
        _server.Status = 403;
        await using var host = TestHost.Build(_server);
        await host.StartAsync();
        var ends = 0;
        using var subscription = host.Get<IObservable<ServiceTopology>>().Subscribe(_ => { }, _ => ends++, () => ends++);
        Advance(3600);

        var health = await host.HealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains(
            "kind: Role\nmetadata:\n  name: watch-endpointslices\n  namespace: prod\n", health.Description, StringComparison.Ordinal);
        Assert.Contains("kind: ServiceAccount\n    name: cart\n", health.Description, StringComparison.Ordinal);
        Assert.Equal("syncing", health.Data["freshness"]);
        Assert.Equal([0, 2, 6, 14, 30, 62, 126, 246, 366], _server.Http.Requests.Take(9).Select(request => request.Frame / 1000));
        Assert.Single(host.Log.Lines, line => line.Contains("Forbidden", StringComparison.Ordinal));
        Assert.StartsWith("Error Topology cache: prod/cache is syncing since", host.Log.Lines[^1], StringComparison.Ordinal);

        _server.Status = 200;
        Advance(3720);
        Assert.Equal(HealthStatus.Healthy, (await host.HealthAsync()).Status);
        Assert.Equal(2, host.Get<CurrentValue<RingView>>().Required.Ring.Members.Length);
        Assert.Equal(0, ends);
    }

    [Fact]
    public async Task A_permission_to_list_but_not_to_watch_leaves_a_stale_snapshot_with_the_Role()
    {
        _server.WatchStatus = 403;
        await using var host = TestHost.Build(_server);
        await host.StartAsync();
        Advance(300);

        var health = await host.HealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("verbs: [\"list\", \"watch\"]", health.Description, StringComparison.Ordinal);
        Assert.Equal(["cache-0", "cache-1"], host.Get<CurrentValue<ServiceTopology>>().Required.Members);

        _server.WatchStatus = 200;
        Advance(600);
        Assert.Equal(HealthStatus.Healthy, (await host.HealthAsync()).Status);
    }

    [Fact]
    public async Task What_was_chosen_and_what_is_not_sent_is_logged_once_and_the_output_of_a_plugin_never()
    {
        const string Prefix = "The connection to the API server: ";
        var config = Path.GetTempFileName();
        await File.WriteAllTextAsync(config, """
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: me}}]
            clusters: [{name: here, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: me, user: {token: secret}}]
            """);
        Action<ConnectionNotice>? tell = null;
        await using var host = TestHost.Build(builder => builder.Services.AddKubeConnection(connection =>
        {
            connection.Kubeconfig = config;
            connection.Configure = options =>
            {
                tell = options.OnNotice;
                return options;
            };
        }));
        var kube = host.Get<KubeConnection>();
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<KubeTransportException>(() => kube.EndpointSlices("prod").List().FirstAsync().ToTask());
        }

        tell!(new(ConnectionNoticeKind.PluginOutput, "enter the code ABCD-1234"));
        tell(new(ConnectionNoticeKind.PluginWaits, "waiting for the exec plugin"));
        Assert.Equal(
            [
                $"Information {Prefix}connecting to http://127.0.0.1:1/ (default), from context \"here\" in {config} " +
                "(as the application asked)",
                $"Warning {Prefix}the credentials of user \"me\" in {config} are not sent, because 127.0.0.1:1 is plain http. " +
                "To fix: use an https address",
                $"Warning {Prefix}waiting for the exec plugin",
            ],
            host.Log.Lines);
        Assert.DoesNotContain("ABCD-1234", host.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", host.Log.All, StringComparison.Ordinal);
        File.Delete(config);
    }

    [Fact]
    public async Task A_stop_ends_a_start_that_waits()
    {
        _server.Status = 0;
        await using var host = TestHost.Build(_server, options => options.FirstSyncTimeout = TimeSpan.FromSeconds(10));
        using var stop = new CancellationTokenSource();

        var start = host.StartAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
    }

    private void Advance(double seconds) => _server.Clock.AdvanceTo(TimeSpan.FromSeconds(seconds));

    private sealed class Reading(IServiceProvider services, List<string> seen) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            seen.AddRange(services.GetRequiredService<CurrentValue<ServiceTopology>>().Required.Members);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
