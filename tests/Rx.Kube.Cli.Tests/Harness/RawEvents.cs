using System.Reactive.Linq;
using System.Text;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Turns events of slices into the same events with raw objects, as a server sends them.</summary>
internal static class RawEvents
{
    private static readonly ResourceKind<RawObject> _kind = RawObject.KindOf(ResourceKinds.EndpointSlices);

    public static IObservable<WatchEvent<RawObject>> Of(IObservable<WatchEvent<EndpointSlice>> events) => events.Select(Of);

    private static WatchEvent<RawObject> Of(WatchEvent<EndpointSlice> next) => next switch
    {
        WatchEvent<EndpointSlice>.Listed e => new WatchEvent<RawObject>.Listed([.. e.Items.Select(Of)], e.ResourceVersion),
        WatchEvent<EndpointSlice>.Modified e => new WatchEvent<RawObject>.Modified(Of(e.Object), e.ResourceVersion),
        WatchEvent<EndpointSlice>.Added e => new WatchEvent<RawObject>.Added(Of(e.Object), e.ResourceVersion),
        WatchEvent<EndpointSlice>.Deleted e => new WatchEvent<RawObject>.Deleted(Of(e.Object), e.ResourceVersion),
        WatchEvent<EndpointSlice>.Skipped e => new WatchEvent<RawObject>.Skipped(e.Object, e.ResourceVersion),
        WatchEvent<EndpointSlice>.Interrupted e => new WatchEvent<RawObject>.Interrupted(e.Interruption),
        _ => new WatchEvent<RawObject>.Resumed(),
    };

    private static RawObject Of(EndpointSlice slice) => _kind.Decode(Encoding.UTF8.GetBytes(SliceJson.Of(slice)));
}
