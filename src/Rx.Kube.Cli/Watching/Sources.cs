using System.Reactive.Concurrency;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Demo;
using Rx.Kube.Connection;
using Rx.Kube.Topology;
using Rx.Kube.Watching;

namespace Rx.Kube.Cli.Watching;

/// <summary>What the tool watches: a cluster, or the demonstration.</summary>
internal static class Sources
{
    private const int DemoSeed = 1;

    /// <summary>Opens what the settings name.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="scheduler">All time.</param>
    /// <returns>The source.</returns>
    /// <exception cref="KubeConfigException">The configuration does not lead to a cluster.</exception>
    public static Task<WatchSource> OpenAsync(WatchSettings settings, IScheduler scheduler) =>
        settings.Demo ? OpenDemoAsync(settings, scheduler) : Task.FromResult(OpenCluster(settings));

    private static WatchSource OpenCluster(WatchSettings settings)
    {
        var connection = settings.Kubeconfig is null && settings.Context is null
            ? KubeConnection.Default()
            : KubeConnection.FromKubeconfig(settings.Kubeconfig, settings.Context);
        var service = new ServiceName(settings.Namespace ?? connection.Namespace, settings.Service);
        return new WatchSource(Snapshots(connection, service, settings), service, connection.Server.Authority)
        {
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
        return new WatchSource(Snapshots(demo.Connection, service, settings), service, "built-in demonstration")
        {
            Close = demo.DisposeAsync,
        };
    }

    private static IObservable<ServiceTopology> Snapshots(KubeConnection connection, ServiceName service, WatchSettings settings) =>
        connection.EndpointSlices(service.Namespace, service: service.Name, labelSelector: settings.Selector)
            .Resume()
            .ToTopology(service);
}
