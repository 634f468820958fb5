using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>From snapshots to rings that know their version.</summary>
public static partial class KubeObservable
{
    /// <summary>Gives the ring of the members when it is known, and then whenever it is another one; with the version of the snapshot it came of.</summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <param name="options">Layout, weights and zones; <see cref="HashRingOptions.Default"/> when omitted.</param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>A snapshot that is syncing</term><description>nothing: it is not known who is there. The ring before stays</description></item>
    /// <item><term>The first complete list</term><description>its ring; an empty one if nobody is there, for that is known now</description></item>
    /// <item><term>A snapshot in which somebody has joined or left, or has another weight or zone</term><description>the next ring, made of the one before</description></item>
    /// <item><term>A change of health or address, a list in another order, a change between live and stale</term><description>nothing</description></item>
    /// <item><term>A complete list after one that was syncing</term><description>(a source that begins anew) its ring, if it is another one</description></item>
    /// <item><term>A snapshot that <see cref="ServiceTopology.IsTruncated"/></term><description>nothing, as it is not complete. Never so with EndpointSlices</description></item>
    /// <item><term>The weight throws, or is out of range; more members or tokens than <see cref="RingLimits"/> allow</term><description>OnError: with what it threw, or an <see cref="ArgumentException"/></description></item>
    /// <item><term>A snapshot of another Service</term><description>OnError with an <see cref="ArgumentException"/></description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>Members are on the ring ready or not: health is no part of where keys are. To let a member restart without moving anything put
    /// <see cref="KubeObservable.HoldDepartures"/> before this, and to calm a rollout down
    /// <see cref="KubeObservable.Settle"/>.</para>
    /// <para>A snapshot costs what changed in it, at once when nothing did; a member that joins, leaves or changes also what its own tokens cost. The last snapshot, its members and
    /// the last ring are kept.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<RingView> ToRingView(this IObservable<ServiceTopology> source, HashRingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Defer(() => source
            .Select(new RingFold(options ?? HashRingOptions.Default).Apply)
            .Where(view => view is not null)
            .Select(view => view!));
    }
}
