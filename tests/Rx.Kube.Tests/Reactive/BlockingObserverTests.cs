using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Reactive;

/// <summary>
/// No operator holds a lock while it calls its observer: while a subscriber blocks in OnNext on one thread, another source, or the clock,
/// proceeds on another thread. Every public operator with two sources or a scheduler is here.
/// </summary>
public sealed class BlockingObserverTests
{
    private static readonly ServiceName _cache = new("prod", "cache");
    private static readonly ServiceName _web = new("prod", "web");
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly EndpointSlice _slice = Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"));
    private readonly VirtualClock _clock = new();

    [Fact]
    public async Task Settle_lets_its_source_proceed()
    {
        using var source = new Subject<int>();
        await OtherProceeds(
            source.Settle(_second, _second, _clock),
            first: () =>
            {
                source.OnNext(1);
                _clock.AdvanceTo(_second);
            },
            other: () => source.OnNext(2));
    }

    [Fact]
    public async Task HoldDepartures_lets_the_clock_proceed()
    {
        using var source = new Subject<ServiceTopology>();
        var snapshots = Fold(Listed("1", _slice), Modified("2", Slice("a", Pod("p", "10.0.0.1"))), Modified("3", Slice("a")));
        await OtherProceeds(
            source.HoldDepartures(_second, _clock),
            first: () => Array.ForEach([.. snapshots], source.OnNext),
            other: () => _clock.AdvanceTo(2 * _second),
            blocks: topology => topology.Version == "3");
    }

    [Fact]
    public async Task HoldDepartures_lets_its_source_proceed()
    {
        using var source = new Subject<ServiceTopology>();
        var snapshots = Fold(Listed("1", _slice), Modified("2", Slice("a")), Modified("3", _slice));
        await OtherProceeds(
            source.HoldDepartures(_second, _clock),
            first: () =>
            {
                source.OnNext(snapshots[0]);
                source.OnNext(snapshots[1]);
                _clock.AdvanceTo(_second);
            },
            other: () => source.OnNext(snapshots[2]),
            blocks: topology => topology.Endpoints.IsEmpty);
    }

    [Fact]
    public async Task ByService_lets_other_subscribers_subscribe_receive_and_leave()
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        var services = source.ToClusterTopology().ByService();
        var received = 0;
        await OtherProceeds(
            services.Service(_cache),
            first: () => source.OnNext(Listed("1", _slice)),
            other: () =>
            {
                services.Service(_web).Subscribe(_ => received++).Dispose();
                services.Service(_cache).Subscribe(_ => received++).Dispose();
            });
        Assert.Equal(2, received);
    }

    [Fact]
    public async Task ByService_lets_its_source_proceed()
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        var services = source.ToClusterTopology().ByService();
        using var subscription = services.Service(_web).Subscribe();
        source.OnNext(Listed("1", _slice));
        List<string> versions = [];
        using var others = services.Service(_cache).Subscribe(topology => versions.Add(topology.Version));

        // The first snapshot of a late subscriber arrives on the thread that subscribes.
        await OtherProceeds(services.Service(_cache), first: () => { }, other: () => source.OnNext(Modified("2", _slice)));
        Assert.Equal(["1", "2"], versions);
    }

    [Fact]
    public async Task ShareLatest_lets_other_subscribers_subscribe_receive_and_leave()
    {
        using var source = new Subject<int>();
        var shared = source.ShareLatest();
        var received = 0;
        await OtherProceeds(
            shared, first: () => source.OnNext(1), other: () => shared.Subscribe(value => received += value).Dispose());
        Assert.Equal(1, received);
    }

    [Fact]
    public async Task ShareLatest_lets_its_source_proceed()
    {
        using var source = new Subject<int>();
        var shared = source.ShareLatest();
        List<int> received = [];
        using var other = shared.Subscribe(received.Add);
        source.OnNext(1);

        // The first value of a late subscriber arrives on the thread that subscribes.
        await OtherProceeds(shared, first: () => { }, other: () => source.OnNext(2));
        Assert.Equal([1, 2], received);
    }

    [Fact]
    public async Task ObserveLatest_lets_its_source_proceed()
    {
        using var source = new Subject<int>();
        await OtherProceeds(
            source.ObserveLatest(_clock),
            first: () =>
            {
                source.OnNext(1);
                _clock.AdvanceTo(_second);
            },
            other: () => source.OnNext(2));
    }

    [Fact]
    public async Task WithPods_lets_its_other_source_proceed()
    {
        using var topologies = new Subject<ServiceTopology>();
        using var pods = new BehaviorSubject<ResourceStore<Pod>>(Store<Pod>());
        await OtherProceeds(
            topologies.WithPods(pods),
            first: () => topologies.OnNext(Last(Listed("1", _slice))),
            other: () => pods.OnNext(Store<Pod>()));
    }

    [Fact]
    public async Task WithNodes_lets_its_other_source_proceed()
    {
        using var topologies = new Subject<ServiceTopology>();
        using var nodes = new BehaviorSubject<ResourceStore<Node>>(Store<Node>());
        await OtherProceeds(
            topologies.WithNodes(nodes),
            first: () => topologies.OnNext(Last(Listed("1", _slice))),
            other: () => nodes.OnNext(Store<Node>()));
    }

    [Fact]
    public async Task TimeoutOnceBookmarked_lets_the_clock_proceed()
    {
        using var watch = new Subject<WatchEvent<EndpointSlice>>();
        await OtherProceeds(
            watch.TimeoutOnceBookmarked(_second, scheduler: _clock),
            first: () =>
            {
                watch.OnNext(Bookmark("1"));
                watch.OnNext(Added("2", _slice));
            },
            other: () => _clock.AdvanceTo(2 * _second),
            blocks: e => e is WatchEvent<EndpointSlice>.Added); // The time in OnNext is not silence, so the watch goes on.
    }

    [Fact]
    public async Task Resume_lets_the_watch_proceed()
    {
        var watches = new InterruptedWatches();
        await OtherProceeds(
            watches.Resume(scheduler: _clock),
            first: () =>
            {
                watches.Current.OnNext(new WatchEvent<EndpointSlice>.Opened());
                watches.Current.OnError(new TimeoutException());
                _clock.AdvanceTo(TimeSpan.FromMinutes(1));
                watches.Current.OnNext(new WatchEvent<EndpointSlice>.Opened());
                _clock.AdvanceTo(TimeSpan.FromMinutes(2));
            },
            other: () => watches.Current.OnNext(Added("2", _slice)),
            blocks: e => e is WatchEvent<EndpointSlice>.Resumed);
    }

    /// <summary>
    /// Runs an action on a thread until its value blocks the observer; then another action must return on another thread.
    /// </summary>
    private static async Task OtherProceeds<T>(
        IObservable<T> stream, Action first, Action other, Func<T, bool>? blocks = null)
    {
        // Time limits only bound a failure: nothing waits that long when there is no lock.
        var patience = TimeSpan.FromSeconds(20);
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var error = default(Exception);
        var blocked = OnItsOwnThread(() =>
        {
            using var subscription = stream.Subscribe(
                value =>
                {
                    if (!entered.IsSet && blocks?.Invoke(value) != false)
                    {
                        entered.Set();
                        release.Wait();
                    }
                },
                e => error = e);
            first();
        });
        try
        {
            Assert.True(entered.Wait(patience), "no value arrived");
            var proceeding = OnItsOwnThread(other);
            var returned = await Task.WhenAny(proceeding, Task.Delay(patience));
            Assert.True(returned == proceeding, "the other thread waits for the observer");
            await proceeding;
        }
        finally
        {
            release.Set();
        }

        await blocked;
        Assert.Null(error);
    }

    private static Task OnItsOwnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static ResourceStore<T> Store<T>()
        where T : IResource => Observable.Return<WatchEvent<T>>(new WatchEvent<T>.Listed([], "1")).ToStore().Wait();

    private sealed class InterruptedWatches : IWatchable<EndpointSlice>
    {
        public Subject<WatchEvent<EndpointSlice>> Current { get; private set; } = new();

        public IObservable<WatchEvent<EndpointSlice>.Listed> List(ListOptions options) =>
            Observable.Return(new WatchEvent<EndpointSlice>.Listed([], "1"));

        public IObservable<WatchEvent<EndpointSlice>> Watch(WatchOptions options) => Observable.Defer(() => Current = new());
    }
}
