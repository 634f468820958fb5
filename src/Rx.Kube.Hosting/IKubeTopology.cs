namespace Rx.Kube;

/// <summary>
/// The topology of one Service, as the host keeps it: one watch for the whole process. Registered by
/// <see cref="KubeHostingExtensions.AddKubeTopology(Microsoft.Extensions.DependencyInjection.IServiceCollection, string,
/// Action{KubeTopologyOptions}?)"/>. Thread-safe.
/// </summary>
/// <remarks>
/// The watch begins when the host starts, or with the first use before that, and ends when every hosted service has stopped: then the
/// streams complete. Until then they do not end: what the server refuses is an interruption, with its cause, and is tried again.
/// </remarks>
public interface IKubeTopology
{
    /// <summary>Gets the name under which the topology is registered.</summary>
    string Name { get; }

    /// <summary>Gets the Service that is watched.</summary>
    ServiceName Service { get; }

    /// <summary>
    /// Gets the snapshots: the current one on subscription, then each newer one. All subscribers share one watch. A subscriber is called on
    /// the scheduler of the options, so one that blocks delays no other; the snapshots that it is too slow for are skipped.
    /// </summary>
    IObservable<ServiceTopology> Snapshots { get; }

    /// <summary>
    /// Gets the holder of the current snapshot. Its value is null until the first attempt to list has ended, and never older than what a
    /// subscriber of <see cref="Snapshots"/> has received.
    /// </summary>
    CurrentValue<ServiceTopology> Current { get; }

    /// <summary>
    /// Gets the rings, with the versions of their snapshots, as the options describe them: the current one on subscription, then each new
    /// one. Subscribers are called as those of <see cref="Snapshots"/>.
    /// </summary>
    IObservable<RingView> Rings { get; }

    /// <summary>
    /// Gets the holder of the current ring. Its value is null until the first complete list. It changes before <see cref="Current"/>, so
    /// code that has found a synced snapshot finds its ring.
    /// </summary>
    CurrentValue<RingView> CurrentRing { get; }
}
