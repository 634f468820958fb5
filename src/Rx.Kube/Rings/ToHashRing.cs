using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>From snapshots to rings.</summary>
public static partial class KubeObservable
{
    /// <summary>Gives the ring of the members when it is known, and then whenever it is another one.</summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <param name="options">Layout, weights and zones; <see cref="HashRingOptions.Default"/> when omitted.</param>
    /// <returns>A cold stream: the ring of each view that <see cref="KubeObservable.ToRingView"/> gives, whose table and costs hold here too.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<HashRing<RingMember>> ToHashRing(this IObservable<ServiceTopology> source, HashRingOptions? options = null) =>
        source.ToRingView(options).Select(view => view.Ring);
}
