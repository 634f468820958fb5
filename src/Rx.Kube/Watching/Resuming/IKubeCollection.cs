using System.Reactive;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// What <see cref="KubeObservable.Resume"/> knows about a collection of a connection, beyond <see cref="IWatchable{T}"/>.
/// </summary>
internal interface IKubeCollection<T> : IWatchable<T>
{
    /// <summary>Gets the resource as RBAC names it: <c>endpointslices.discovery.k8s.io</c>.</summary>
    string Name { get; }

    /// <summary>Gets which objects of the resource belong to the collection; null when unknown.</summary>
    ResourceSelection? Selection => null;

    /// <summary>Gets whether a list is streamed unless an option says otherwise: not where a selector makes it small.</summary>
    bool StreamsLists { get; }

    /// <summary>Gets how to read the metadata of an object; null if its type does not have it.</summary>
    Func<T, ObjectMeta?>? MetadataOf { get; }

    /// <summary>Gets a stream that fails with <see cref="ObjectDisposedException"/> when the connection is disposed; for waits.</summary>
    IObservable<Unit> Disposal => Observable.Never<Unit>();

    /// <summary>
    /// Gets the same collection with one set of decoders for all its requests, so that its lists and watches share unchanged parts.
    /// </summary>
    IWatchable<T> ForOneSubscription();
}

