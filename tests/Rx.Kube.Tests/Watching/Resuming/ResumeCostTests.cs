using System.Diagnostics;
using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.EndToEnd;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>What an event costs on its way through Resume while no MeterListener is enabled: no memory.</summary>
[Collection(Alone.Name)]
public sealed class ResumeCostTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_event_allocates_nothing_on_its_way_through_Resume(bool audits)
    {
        var options = new ResumeOptions { StreamingLists = false, AuditInterval = audits ? ResumeOptions.Default.AuditInterval : null };
        var (source, time, least) = (new Busy(), Stopwatch.StartNew(), long.MaxValue);

        // The runtime boxes in generic code until it has optimized it in the background, so the best run counts.
        while (least > 0 && time.Elapsed < TimeSpan.FromSeconds(10))
        {
            var heard = 0;
            using (source.Resume(options).Subscribe(_ => heard++))
            {
                Assert.Equal(Busy.Events + 1, heard);
                least = Math.Min(least, source.Allocated);
            }
        }

        Assert.Equal(0, least);
    }

    /// <summary>A collection with metadata, whose watch sends events that exist already, each of a version of its own.</summary>
    private sealed class Busy : IKubeCollection<EndpointSlice>
    {
        public const int Events = 20_000;
        private const int WarmUp = 1_000;

        private readonly EndpointSlice[] _slices = [.. Enumerable.Range(0, 50).Select(i => Slice.Of($"s{i}", "cache", 10))];
        private readonly WatchEvent<EndpointSlice>[] _events;

        public Busy() => _events =
        [
            .. Enumerable.Range(0, Events).Select(i => i % 10 == 9
                ? WatchEvents.Bookmark<EndpointSlice>($"{1_000 + i}")
                : _slices[i % _slices.Length].At(1_000 + i).Modified()),
        ];

        /// <summary>Gets the bytes that this thread allocated during the events, after the first thousand.</summary>
        public long Allocated { get; private set; }

        public string Name => "endpointslices.discovery.k8s.io";

        public bool StreamsLists => false;

        public Func<EndpointSlice, ObjectMeta?> MetadataOf => s => s.Metadata;

        public IWatchable<EndpointSlice> ForOneSubscription() => this;

        public IObservable<WatchEvent<EndpointSlice>.Listed> List(ListOptions options) =>
            Observable.Return((WatchEvent<EndpointSlice>.Listed)WatchEvents.Listed("17", _slices));

        public IObservable<WatchEvent<EndpointSlice>> Watch(WatchOptions options) =>
            Observable.Create<WatchEvent<EndpointSlice>>(observer =>
            {
                observer.OnNext(WatchEvents.Opened<EndpointSlice>());
                var before = 0L;
                for (var i = 0; i < _events.Length; i++)
                {
                    before = i == WarmUp ? GC.GetAllocatedBytesForCurrentThread() : before;
                    observer.OnNext(_events[i]);
                }

                Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                return () => { };
            });
    }
}
