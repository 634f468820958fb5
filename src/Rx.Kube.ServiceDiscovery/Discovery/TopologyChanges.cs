using System.Reactive.Linq;
using Microsoft.Extensions.Primitives;

namespace Rx.Kube;

/// <summary>
/// The change tokens of one topology: one subscription, whatever the number of resolvers, which service discovery disposes when they are
/// idle.
/// </summary>
internal sealed class TopologyChanges : IDisposable
{
    private static readonly EqualityComparer<ServiceTopology> _byEndpoints = EqualityComparer<ServiceTopology>.Create(
        (left, right) => left!.SameEndpoints(right!) && left.Freshness.IsSynced == right!.Freshness.IsSynced, _ => 0);

    private readonly IDisposable _subscription;
    private CancellationTokenSource _next = new();

    public TopologyChanges(IKubeTopology topology) =>
        _subscription = topology.Snapshots.DistinctUntilChanged(_byEndpoints).Subscribe(_ => Changed(), _ => { });

    /// <summary>
    /// Gets the token of the next change. Take it before the snapshot: the current snapshot is never older than a change that was reported,
    /// so the token of a change that is not in the snapshot is still to fire.
    /// </summary>
    public IChangeToken Token => new CancellationChangeToken(Volatile.Read(ref _next).Token);

    public void Dispose() => _subscription.Dispose();

    private void Changed() => Interlocked.Exchange(ref _next, new()).Cancel();
}
