using System.Reactive.Linq;
using k8s;
using k8s.Models;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Operators on watches of KubernetesClient's models.</summary>
public static class KubernetesObservable
{
    /// <summary>Folds the watch of a Service's slices, as KubernetesClient models them, into complete, immutable snapshots.</summary>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no delay.</param>
    /// <param name="service">
    /// The Service; slices of other Services are ignored. If null, it is the Service of the first slice (until then its name is empty), and
    /// a slice of another Service is an error.
    /// </param>
    /// <param name="memberOf">
    /// Gives the identity of an endpoint's member; null, the default, for the pod's name, else the hostname, else the address.
    /// </param>
    /// <param name="limits">
    /// <see cref="TopologyLimits.MaxPortSets"/> and <see cref="TopologyLimits.MaxPortsApart"/> apply. The default is null:
    /// <see cref="TopologyLimits.Default"/>.
    /// </param>
    /// <returns>
    /// A cold observable. The snapshots equal those of <c>ToTopology</c> of <see cref="KubeObservable"/> for the same objects. A slice
    /// without a name is skipped and listed in <see cref="ServiceTopology.Skipped"/>.
    /// </returns>
    /// <remarks>
    /// Each slice is converted when it arrives, at a cost proportional to its size. If only the topology is needed,
    /// <c>kube.EndpointSlices(…)</c> decodes the slices directly and is cheaper.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The namespace of <paramref name="service"/> is empty, or its name is not a valid Kubernetes name.
    /// </exception>
    public static IObservable<ServiceTopology> ToTopology(
        this IObservable<WatchEvent<V1EndpointSlice>> source, ServiceName? service = null, Func<TopologyEndpoint, string>? memberOf = null,
        TopologyLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Select(SliceConversion.Convert).ToTopology(service, memberOf, limits);
    }

    /// <summary>Folds the watch of any of KubernetesClient's models into complete, immutable snapshots with secondary indexes.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="source">The events, normally resumed. Their order is kept; the fold adds no thread and no delay.</param>
    /// <param name="indexes">The secondary indexes to maintain. The cost of an update is proportional to the change.</param>
    /// <returns>
    /// A cold observable; events have the same effect as in
    /// <see cref="KubeObservable.ToStore{T}(IObservable{WatchEvent{T}}, Func{T, ObjectMeta}, StoreIndex{T}[])"/>. An object without a
    /// name causes OnError with an <see cref="InvalidOperationException"/>.
    /// </returns>
    /// <remarks>
    /// The models compare lists and dictionaries by reference, so an object that was sent again counts as changed even if its content is
    /// the same.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">One of <paramref name="indexes"/> is null.</exception>
    public static IObservable<ResourceStore<T>> ToStore<T>(this IObservable<WatchEvent<T>> source, params StoreIndex<T>[] indexes)
        where T : IKubernetesObject<V1ObjectMeta> =>
        source.ToStore(
            static item => Key(item.Metadata)
                ?? throw new InvalidOperationException("An object has no metadata.name, so it has no place in a store."),
            indexes);

    /// <summary>What stores and audits look at: the key, the incarnation and the version; null for an object without a name.</summary>
    internal static ObjectMeta? Key(V1ObjectMeta? metadata) => string.IsNullOrEmpty(metadata?.Name) ? null : new()
    {
        Name = metadata.Name,
        Namespace = metadata.NamespaceProperty ?? "",
        Uid = metadata.Uid ?? "",
        ResourceVersion = metadata.ResourceVersion ?? "",
    };
}
