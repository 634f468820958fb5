using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Demo;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Watching;

/// <summary>Opens the source of snapshots: a cluster or the demonstration.</summary>
internal static class WatchSources
{
    private const int DemoSeed = 1;

    // The slices of one Service are 45 MB at 150,000 endpoints, the largest supported size of a cluster.
    internal static readonly WireLimits Limits = new() { MaxRetainedBytes = 128 << 20 };
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromDays(1);

    /// <summary>Opens the source that the settings select. Files are read on a thread of its own: they may hang.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="onNotice">Receives the notices of the connection.</param>
    /// <returns>The source.</returns>
    /// <exception cref="KubeConfigurationException">The configuration does not define a usable cluster.</exception>
    public static Task<WatchSource> OpenAsync(WatchSettings settings, IScheduler scheduler, Action<ConnectionNotice> onNotice) =>
        settings.Demo ? OpenDemoAsync(settings, scheduler)
            : Task.Factory.StartNew(
                () => OpenCluster(settings, scheduler, onNotice), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Creates the source of a connection.</summary>
    /// <param name="connection">The connection, which the source closes.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The source.</returns>
    public static WatchSource Of(KubeConnection connection, WatchSettings settings, IScheduler scheduler)
    {
        var service = new ServiceName(settings.Namespace ?? connection.Namespace, settings.Service);
        return new WatchSource(Snapshots(connection, service, settings, scheduler), service, connection.Server.Authority)
        {
            Connection = connection,
            Others = Others(connection, service),
            Raw = Raw(connection, service, settings, scheduler),
            Redact = connection.Redact,
            WaitingFor = () => connection.WaitingFor,
            Late = (timeout, cause) => new(timeout, cause, connection),
            Close = () =>
            {
                connection.Dispose();
                return ValueTask.CompletedTask;
            },
        };
    }

    private static WatchSource OpenCluster(WatchSettings settings, IScheduler scheduler, Action<ConnectionNotice> onNotice) =>
        Of(KubeConnection.Default(OptionsOf(settings, scheduler) with { OnNotice = onNotice }), settings, scheduler);

    /// <summary>Gets the options of the connection that the settings select.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The options.</returns>
    public static KubeConnectionOptions OptionsOf(WatchSettings settings, IScheduler scheduler)
    {
        var options = new KubeConnectionOptions
        {
            Scheduler = scheduler,
            UserAgent = $"rxkube/{Version}",
            KubeconfigPaths = settings.Kubeconfig is { } file ? [file] : null,
            Context = settings.Context,
            Cluster = settings.Cluster,
            User = settings.User,
            ImpersonateUser = settings.As,
            ImpersonateGroups = settings.AsGroups.Length > 0 ? [.. settings.AsGroups] : null,
            ImpersonateUid = settings.AsUid,
        };
        return settings.RequestTimeout is not { } timeout ? options : options with
        {
            ResponseTimeout = timeout == TimeSpan.Zero || timeout > _longestTimeout ? _longestTimeout : timeout,
        };
    }

    private static async Task<WatchSource> OpenDemoAsync(WatchSettings settings, IScheduler scheduler)
    {
        var service = new ServiceName(settings.Namespace ?? "demo", settings.Service);
        var demo = await DemoCluster.StartAsync(service, DemoSeed, scheduler).ConfigureAwait(false);
        return new WatchSource(Snapshots(demo.Connection, service, settings, scheduler), service, "built-in demonstration")
        {
            Connection = demo.Connection,
            Others = Others(demo.Connection, service),
            Raw = Raw(demo.Connection, service, settings, scheduler),
            Redact = demo.Connection.Redact,
            Close = demo.DisposeAsync,
        };
    }

    /// <summary>Gets the version of the tool.</summary>
    public static string? Version => typeof(WatchSources).Assembly.GetName().Version?.ToString(3);

    private static IObservable<IReadOnlyCollection<ServiceName>> Others(KubeConnection connection, ServiceName service)
    {
        var here = connection.EndpointSlices(service.Namespace, limits: Limits).List().Select(NamesOf);

        // Needs permission for all namespaces, which many users do not have.
        var everywhere = connection
            .Resources(ResourceKinds.EndpointSlices, new()
            {
                LabelSelector = $"{EndpointSlice.ServiceNameLabel}={service.Name}",
                Limits = Limits,
            })
            .List().Select(NamesOf).Catch((Exception _) => Observable.Return<ServiceName[]>([]));
        return here.Zip(everywhere, (one, other) => (IReadOnlyCollection<ServiceName>)[.. one.Union(other)]);
    }

    private static ServiceName[] NamesOf(WatchEvent<EndpointSlice>.Listed list) =>
    [
        .. from slice in list.Items
           let name = slice.Metadata.Labels.GetValueOrDefault(EndpointSlice.ServiceNameLabel)
           where !string.IsNullOrEmpty(name)
           select new ServiceName(slice.Metadata.Namespace, name),
    ];

    /// <summary>Gets the label selector of the slices of a Service.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="selector">Additional labels, or null.</param>
    /// <returns>The selector.</returns>
    public static string LabelsOf(ServiceName service, string? selector) =>
        $"{EndpointSlice.ServiceNameLabel}={service.Name}{(string.IsNullOrEmpty(selector) ? "" : ",")}{selector}";

    private static IObservable<WatchEvent<RawObject>> Raw(
        KubeConnection connection, ServiceName service, WatchSettings settings, IScheduler scheduler) => connection
        .Resources(RawObject.KindOf(ResourceKinds.EndpointSlices), new()
        {
            Namespace = service.Namespace,
            LabelSelector = LabelsOf(service, settings.Selector),
            Limits = Limits,
        })
        .Resume(scheduler: scheduler);

    private static IObservable<ServiceTopology> Snapshots(
        KubeConnection connection, ServiceName service, WatchSettings settings, IScheduler scheduler) =>
        service.Name.Length == 0 ? Observable.Empty<ServiceTopology>() : connection
            .EndpointSlices(service.Namespace, service: service.Name, labelSelector: settings.Selector, limits: Limits)
            .Resume(scheduler: scheduler)
            .ToTopology(service);
}
