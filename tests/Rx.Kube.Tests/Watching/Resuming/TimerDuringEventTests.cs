using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>A timer ends the watch while an event is on its way to the subscriber.</summary>
public class TimerDuringEventTests
{
    [Fact]
    public void An_event_that_moved_the_version_is_delivered_before_the_watch_is_resumed_from_it()
    {
        var clock = new VirtualClock();
        using var server = new Server();
        var seen = new List<string>();
        var options = ResumeOptions.WithoutJitter with { StreamingLists = false };
        using var subscription = server.Resume(options, clock).Subscribe(e => seen.Add(e.GetType().Name));
        clock.AdvanceTo(TimeSpan.FromSeconds(1));
        server.Events.OnNext(WatchEvents.Opened<EndpointSlice>());

        // The metadata is read when the version has moved. Then the watch becomes overdue.
        server.OnMetadata = () => clock.AdvanceTo(TimeSpan.FromSeconds(331));
        server.Events.OnNext(Slice.Of("a", service: "cache", version: 18).Added());
        clock.AdvanceTo(TimeSpan.FromSeconds(331.5));

        Assert.Equal(["Listed", "Added"], seen);
        Assert.Equal(["17", "18"], server.WatchedFrom);
    }

    private sealed class Server : IKubeCollection<EndpointSlice>, IDisposable
    {
        public string Name => "endpointslices.discovery.k8s.io";

        public Subject<WatchEvent<EndpointSlice>> Events { get; } = new();

        public List<string> WatchedFrom { get; } = [];

        public Action? OnMetadata { get; set; }

        public bool StreamsLists => false;

        public Func<EndpointSlice, ObjectMeta?>? MetadataOf => slice =>
        {
            var hook = OnMetadata;
            OnMetadata = null;
            hook?.Invoke();
            return slice.Metadata;
        };

        public IWatchable<EndpointSlice> ForOneSubscription() => this;

        public IObservable<WatchEvent<EndpointSlice>.Listed> List(ListOptions options) =>
            Observable.Return((WatchEvent<EndpointSlice>.Listed)WatchEvents.Listed<EndpointSlice>("17"));

        public IObservable<WatchEvent<EndpointSlice>> Watch(WatchOptions options) => Observable.Defer(() =>
        {
            WatchedFrom.Add(options.FromVersion);
            return Events;
        });

        public void Dispose() => Events.Dispose();
    }
}
