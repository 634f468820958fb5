using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>A collection of a connection, whose list and events are decoded already. A subscription gets them all at once.</summary>
/// <param name="list">The list.</param>
/// <param name="events">The events.</param>
internal sealed class CannedCollection(WatchEvent<EndpointSlice>.Listed list, WatchEvent<EndpointSlice>[] events)
    : IKubeCollection<EndpointSlice>
{
    public string Name => "endpointslices.discovery.k8s.io";

    public bool StreamsLists => false;

    public Func<EndpointSlice, ObjectMeta?> MetadataOf => s => s.Metadata;

    public IWatchable<EndpointSlice> ForOneSubscription() => this;

    public IObservable<WatchEvent<EndpointSlice>.Listed> List(ListOptions options) => Observable.Return(list);

    public IObservable<WatchEvent<EndpointSlice>> Watch(WatchOptions options) =>
        Observable.Create<WatchEvent<EndpointSlice>>(observer =>
        {
            observer.OnNext(new WatchEvent<EndpointSlice>.Opened());
            observer.OnNext(new WatchEvent<EndpointSlice>.Bookmark("18"));
            foreach (var e in events)
            {
                observer.OnNext(e);
            }

            return () => { };
        });
}
