using System.Reactive.Concurrency;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Demo;

namespace Rx.Kube.Cli.Watching;

/// <summary>Opens the source of snapshots: a cluster or the demonstration.</summary>
internal static class WatchSources
{
    private const int DemoSeed = 1;

    /// <summary>Opens the source that the settings select.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="onNotice">Receives the notices of the connection.</param>
    /// <returns>The source.</returns>
    /// <exception cref="KubeConfigurationException">The configuration does not define a usable cluster.</exception>
    public static Task<WatchSource> OpenAsync(WatchSettings settings, IScheduler scheduler, Action<ConnectionNotice> onNotice) =>
        settings.Demo ? OpenDemoAsync(settings, scheduler) : Task.FromResult(OpenCluster(settings, scheduler, onNotice));

    private static WatchSource OpenCluster(WatchSettings settings, IScheduler scheduler, Action<ConnectionNotice> onNotice)
    {
        var options = new KubeConnectionOptions { Scheduler = scheduler, UserAgent = $"rxkube/{Version}", OnNotice = onNotice };
        var connection = settings.Kubeconfig is null && settings.Context is null
            ? KubeConnection.Default(options)
            : KubeConnection.FromKubeconfig(settings.Kubeconfig, settings.Context, options);
        var service = new ServiceName(settings.Namespace ?? connection.Namespace, settings.Service);
        return new WatchSource(Snapshots(connection, service, settings, scheduler), service, connection.Server.Authority)
        {
            WaitingFor = () => connection.WaitingFor,
            Close = () =>
            {
                connection.Dispose();
                return ValueTask.CompletedTask;
            },
        };
    }

    private static async Task<WatchSource> OpenDemoAsync(WatchSettings settings, IScheduler scheduler)
    {
        var service = new ServiceName(settings.Namespace ?? "demo", settings.Service);
        var demo = await DemoCluster.StartAsync(service, DemoSeed, scheduler).ConfigureAwait(false);
        return new WatchSource(Snapshots(demo.Connection, service, settings, scheduler), service, "built-in demonstration")
        {
            Close = demo.DisposeAsync,
        };
    }

    private static string? Version => typeof(WatchSources).Assembly.GetName().Version?.ToString(3);

    private static IObservable<ServiceTopology> Snapshots(
        KubeConnection connection, ServiceName service, WatchSettings settings, IScheduler scheduler) =>
        connection.EndpointSlices(service.Namespace, service: service.Name, labelSelector: settings.Selector)
            .Resume(scheduler: scheduler)
            .ToTopology(service);
}
