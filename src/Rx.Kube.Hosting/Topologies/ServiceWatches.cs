using System.Collections.Concurrent;
using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// The watches of a host: topologies of one Service whose snapshots are the same share one, whatever their names, rings and limits are. A
/// watch lasts from its first subscriber to its last. Thread-safe.
/// </summary>
internal sealed class ServiceWatches(KubeConnection kube)
{
    private static readonly Backoff _refusals = new()
    {
        Initial = TimeSpan.FromSeconds(2),
        Max = TimeSpan.FromMinutes(2),
        Jitter = 0.5,
    };

    private readonly ConcurrentDictionary<Watch, IObservable<ServiceTopology>> _shared = new();

    /// <summary>Gets the connection of the watches.</summary>
    public KubeConnection Connection => kube;

    /// <summary>Gets the Service that a topology watches.</summary>
    public ServiceName ServiceOf(string name, KubeTopologyOptions options) =>
        new(options.Namespace ?? kube.Namespace, options.Service ?? name);

    /// <summary>Gets the snapshots of a Service, the same stream for equal options. Nothing is sent before it has a subscriber.</summary>
    public IObservable<ServiceTopology> Of(ServiceName service, KubeTopologyOptions options) => _shared.GetOrAdd(
        new(
            service,
            options.LabelSelector is { Length: > 0 } selector ? selector : null,
            options.Resume with { RefusalBackoff = options.Resume.RefusalBackoff ?? _refusals },
            options.Limits,
            options.TopologyLimits,
            options.MemberOf,
            options.Scheduler),
        // The subscribers are topologies, which throw nothing.
        watch => kube.EndpointSlices(watch.Service.Namespace, watch.Service.Name, watch.LabelSelector, watch.Limits)
            .Resume(watch.Resume, watch.Scheduler)
            .ToTopology(memberOf: watch.MemberOf, limits: watch.TopologyLimits)
            .ShareLatest());

    /// <summary>All that makes a snapshot what it is.</summary>
    private sealed record Watch(
        ServiceName Service,
        string? LabelSelector,
        ResumeOptions Resume,
        WireLimits Limits,
        TopologyLimits TopologyLimits,
        Func<TopologyEndpoint, string>? MemberOf,
        IScheduler Scheduler);
}
