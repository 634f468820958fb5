using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>One shared subscription, and an observable for each Service.</summary>
public sealed class ByServiceTests : IDisposable
{
    private static readonly ServiceName _cache = new("prod", "cache");
    private static readonly ServiceName _web = new("prod", "web");
    private readonly Subject<WatchEvent<EndpointSlice>> _source = new();
    private readonly List<Exception> _faults = [];
    private readonly ServiceTopologies _services;
    private int _subscriptions;

    public ByServiceTests() => _services = Observable.Defer(() =>
    {
        _subscriptions++;
        return _source;
    }).ToClusterTopology().ByService(_faults.Add);

    public void Dispose() => _source.Dispose();

    [Fact]
    public void A_subscriber_receives_what_ToTopology_gives_for_its_Service_without_the_events_of_others() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var cluster = new RandomCluster(seed, 30);
            using var source = new Subject<WatchEvent<EndpointSlice>>();
            var services = source.ToClusterTopology().ByService();
            var received = RandomCluster.Services.ToDictionary(s => s, s => new List<ServiceTopology>());
            using var all = new CompositeDisposable(received.Select(h => services.Service(h.Key).Subscribe(h.Value.Add)));
            foreach (var next in cluster.Events)
            {
                source.OnNext(next);
            }

            foreach (var (service, topologies) in received)
            {
                var expected = Fold(service, Concerning(service, cluster.Events));
                Assert.Equal(expected.Select(Text), topologies.Select(Text));

                // Not the whole content: to a cluster's watch, an object that cannot be decoded may belong to any of its Services.
                Assert.All(expected.Zip(topologies), pair => Assert.True(pair.First.SameEndpoints(pair.Second)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void All_subscribers_share_one_subscription_from_the_first_to_the_last()
    {
        Assert.Equal(0, _subscriptions);
        var first = _services.Service(_cache).Subscribe();
        var second = _services.Service(_web).Subscribe();
        var third = _services.Service(_cache).Subscribe();
        Assert.Equal(1, _subscriptions);
        first.Dispose();
        first.Dispose();
        second.Dispose();
        Assert.True(_source.HasObservers);
        third.Dispose();
        Assert.False(_source.HasObservers);

        using var again = Listen(_cache, out var received);
        Assert.Equal(2, _subscriptions);
        Assert.Empty(received); // The earlier snapshot is forgotten, because it could be out of date.
    }

    [Fact]
    public void A_late_subscriber_receives_the_current_snapshot_at_once()
    {
        using var first = Listen(_web, out _);
        using var early = Listen(_cache, out var receivedEarly);
        Assert.Empty(receivedEarly);
        _source.OnNext(Interrupted());
        using var syncing = Listen(_cache, out var receivedSyncing);
        Assert.Equal("syncing ", Assert.Single(receivedSyncing));
        _source.OnNext(Listed("1"));
        _source.OnNext(Added("2", Slice("a", Pod("p", "10.0.0.1"))));
        using var late = Listen(_cache, out var receivedLate);
        Assert.Equal(["syncing ", "live ", "live p@10.0.0.1:8080"], receivedEarly);
        Assert.Equal("live p@10.0.0.1:8080", Assert.Single(receivedLate));
    }

    [Fact]
    public void A_Service_can_appear_disappear_and_appear_again()
    {
        using var subscription = Listen(_cache, out var received);
        var slice = Slice("a", Pod("p", "10.0.0.1"));
        _source.OnNext(Listed("1", slice with { Metadata = Meta("b", "web") }));
        _source.OnNext(Added("2", slice));
        _source.OnNext(Deleted("3", slice));
        _source.OnNext(Added("4", slice with { Metadata = Meta("c", "web") }));
        _source.OnNext(Modified("5", slice with { Metadata = Meta("c", "cache") }));
        _source.OnNext(Listed("6"));
        Assert.Equal(["live ", "live p@10.0.0.1:8080", "live ", "live p@10.0.0.1:8080", "live "], received);
    }

    [Fact]
    public void Completion_and_errors_reach_all_subscribers_and_a_later_one_starts_a_new_subscription()
    {
        var ends = new List<string>();
        void Subscribe(ServiceName service) => _services.Service(service)
            .Subscribe(_ => ends.Add("next"), e => ends.Add(e.Message), () => ends.Add("done"));
        var bad = new Subject<ClusterTopology>();
        var failing = bad.ByService(_faults.Add);
        using var retried = failing.Service(_web).Retry(2).Subscribe(_ => { }, e => ends.Add("again " + e.Message));
        using var once = failing.Service(_cache).Subscribe(_ => { }, e => ends.Add(e.Message));
        var failed = bad;
        failed.OnError(new TimeoutException("broken"));
        Assert.Equal(["again broken", "broken"], ends.Order());

        ends.Clear();
        Subscribe(_cache);
        Subscribe(_web);
        _source.OnNext(Listed("1"));
        _source.OnCompleted();
        Assert.Equal(["next", "next", "done", "done"], ends);
        Subscribe(_cache);
        Assert.Equal(2, _subscriptions);
        Assert.Equal("done", ends[^1]);
    }

    [Fact]
    public void A_subscriber_that_throws_loses_its_subscription_and_the_others_receive_everything()
    {
        using var before = Listen(_cache, out var receivedBefore);
        using var throwing = _services.Service(_cache).Subscribe(_ => throw new InvalidOperationException("mine"));
        using var after = Listen(_cache, out var receivedAfter);
        _source.OnNext(Listed("1"));
        _source.OnNext(Interrupted());
        Assert.Equal(["live ", "stale "], receivedBefore);
        Assert.Equal(receivedBefore, receivedAfter);
        Assert.Equal("mine", Assert.Single(_faults).Message); // Only once: its subscription is over.
    }

    [Fact]
    public void When_the_last_subscriber_throws_the_subscription_to_the_source_ends()
    {
        using var throwing = _services.Service(_cache).Subscribe(_ => throw new InvalidOperationException("mine"));
        _source.OnNext(Listed("1"));
        Assert.False(_source.HasObservers);
    }

    [Fact]
    public void With_subscriptions_disposals_and_events_inside_OnNext_no_subscriber_receives_an_older_snapshot_after_a_newer_one()
    {
        List<string> nested = [], outer = [], last = [];
        var inner = new SerialDisposable();
        var other = new SerialDisposable();
        using var first = _services.Service(_cache).Subscribe(t =>
        {
            outer.Add(t.Version);
            if (t.Version == "1")
            {
                inner.Disposable = _services.Service(_cache).Subscribe(n => nested.Add(n.Version));
                _source.OnNext(Modified("2", Slice("a", Pod("p", "10.0.0.2"))));
                other.Dispose();
                Assert.Equal(["1"], outer); // A subscriber is not called during its own call.
                outer.Add("back");
            }
        });
        other.Disposable = _services.Service(_cache).Subscribe(_ => { });
        using var third = _services.Service(_cache).Subscribe(t => last.Add(t.Version));
        _source.OnNext(Listed("1", Slice("a", Pod("p", "10.0.0.1"))));
        Assert.Equal(["1", "back", "2"], outer);
        Assert.Equal(["1", "2"], nested);
        Assert.Equal(["2"], last);
        inner.Dispose();
    }

    [Fact]
    public void Disposal_of_the_last_subscription_inside_OnNext_unsubscribes_from_the_source()
    {
        List<string> received = [];
        using var subscription = _services.Service(_cache).Take(1).Subscribe(t => received.Add(t.Version));
        _source.OnNext(Listed("1"));
        Assert.False(_source.HasObservers);
        Assert.Equal(["1"], received);

        // A source that emits inside Subscribe.
        var all = Observable.Return(Listed("7")).Concat(Observable.Never<WatchEvent<EndpointSlice>>()).ToClusterTopology().ByService();
        Assert.Equal("7", all.Service(_cache).FirstAsync().Wait().Version);
        Assert.Equal("7", all.Service(_cache).FirstAsync().Wait().Version);
    }

    [Fact]
    public void ByService_checks_its_arguments()
    {
        Assert.Throws<ArgumentNullException>(() => KubeObservable.ByService(null!));
        Assert.Throws<ArgumentNullException>(() => _services.Service(null!));
        Assert.Throws<ArgumentException>(() => _services.Service(new("prod", "")));
        Assert.Throws<ArgumentException>(() => _services.Service(new("", "cache")));
        Assert.Throws<ArgumentNullException>(() => ((IObservable<WatchEvent<EndpointSlice>>)null!).ToClusterTopology());
    }

    [Fact]
    public void The_cost_of_an_event_does_not_depend_on_the_ten_thousand_subscribers_to_other_Services()
    {
        const int Services = 10_000;
        EndpointSlice Of(int service, string address) =>
            Slice($"s{service}", Pod("p", address)) with { Metadata = Meta($"s{service}", $"service{service}") };
        var received = new int[Services];
        using var all = new CompositeDisposable(Enumerable.Range(0, Services)
            .Select(s => _services.Service(new("prod", $"service{s}")).Subscribe(_ => received[s]++)));
        _source.OnNext(Listed("1", [.. Enumerable.Range(0, Services).Select(s => Of(s, "10.0.0.1"))]));
        Assert.All(received, h => Assert.Equal(1, h));
        var events = Enumerable.Range(0, 100).Select(s => Modified("2", Of(s, "10.0.0.2"))).ToList();
        _source.OnNext(events[99]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        events.ForEach(_source.OnNext);
        var perEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / events.Count;
        Assert.Equal(Services + events.Count + 1, received.Sum());
        Assert.InRange(perEvent, 0, 10_000);
    }

    [Fact]
    public async Task From_many_threads_each_subscriber_receives_versions_in_order_one_at_a_time_and_the_last_one()
    {
        const int Threads = 4, Rounds = 300, Events = 2_000;
        using var go = new Barrier(Threads + 1);
        var errors = new ConcurrentQueue<string>();
        using var keep = _services.Service(_web).Subscribe(_ => { });
        var subscribers = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                go.SignalAndWait();
                for (var round = 0; round < Rounds; round++)
                {
                    var check = new OrderCheck(errors);
                    var subscription = _services.Service(_cache).Subscribe(check);
                    if (round % 3 == 0)
                    {
                        Thread.Yield();
                    }

                    subscription.Dispose();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var staying = Enumerable.Range(0, 20).Select(_ => new OrderCheck(errors)).ToList();
        using var all = new CompositeDisposable(staying.Select(s => _services.Service(_cache).Subscribe(s)));
        go.SignalAndWait();
        _source.OnNext(Listed("1"));
        for (var version = 2; version <= Events; version++)
        {
            _source.OnNext(Modified($"{version}", Slice("a", Pod("p", $"10.0.{version / 250}.{version % 250}"))));
        }

        await Task.WhenAll(subscribers);
        Assert.Empty(errors);
        Assert.All(staying, s => Assert.Equal(Events, s.Last));
        all.Dispose();
        keep.Dispose();
        Assert.False(_source.HasObservers);
    }

    [Fact]
    public async Task From_many_threads_the_source_has_at_most_one_lasting_subscription_and_none_in_the_end()
    {
        var (now, most) = (0, 0);
        var services = Observable.Create<ClusterTopology>(_ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            return Disposable.Create(() => Interlocked.Decrement(ref now));
        }).ByService();
        using var go = new Barrier(4);
        await Task.WhenAll([.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                go.SignalAndWait();
                for (var round = 0; round < 2_000; round++)
                {
                    services.Service(_cache).Subscribe(_ => { }).Dispose();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
        Assert.Equal(0, now);
        Assert.InRange(most, 1, 4); // A subscription that is being disposed can overlap with the next one.
    }

    private IDisposable Listen(ServiceName service, out List<string> received)
    {
        var list = received = [];
        return _services.Service(service).Subscribe(t => list.Add($"{t.Freshness} {Show(t)}"));
    }

    /// <summary>
    /// The events about a Service: about a slice that belongs or belonged to it, or about all. The others become bookmarks.
    /// </summary>
    private static IEnumerable<WatchEvent<EndpointSlice>> Concerning(
        ServiceName service, ImmutableArray<WatchEvent<EndpointSlice>> events)
    {
        var owned = new HashSet<(string, string)>();
        foreach (var next in events)
        {
            var isOurs = next switch
            {
                WatchEvent<EndpointSlice>.Listed l => Reset(l),
                WatchEvent<EndpointSlice>.Added a => Put(a.Object),
                WatchEvent<EndpointSlice>.Modified m => Put(m.Object),
                WatchEvent<EndpointSlice>.Deleted d => owned.Remove((d.Object.Metadata.Namespace, d.Object.Metadata.Name)),
                WatchEvent<EndpointSlice>.Skipped { IsDeletion: true } s => owned.Remove((s.Object.Namespace, s.Object.Name)),
                WatchEvent<EndpointSlice>.Skipped s => owned.Contains((s.Object.Namespace, s.Object.Name)),
                _ => true,
            };
            yield return isOurs ? next : Bookmark(next.VersionReached!);
        }

        bool Reset(WatchEvent<EndpointSlice>.Listed listed)
        {
            owned.Clear();
            foreach (var slice in listed.Items)
            {
                Put(slice);
            }

            return true;
        }

        bool Put(EndpointSlice slice)
        {
            var key = (slice.Metadata.Namespace, slice.Metadata.Name);
            var was = owned.Remove(key);
            var isOurs = slice.ServiceName == service.Name && slice.Metadata.Namespace == service.Namespace;
            return (isOurs && owned.Add(key)) || was;
        }
    }

    private static string Text(ServiceTopology t) => $"{t.Version} {t.Freshness} {t.LastChangeTriggerTime} {Show(t)}";

    private sealed class OrderCheck(ConcurrentQueue<string> errors) : IObserver<ServiceTopology>
    {
        private int _inside;

        public int Last { get; private set; }

        public void OnNext(ServiceTopology value)
        {
            if (Interlocked.Increment(ref _inside) != 1)
            {
                errors.Enqueue("two calls at once");
            }

            var version = int.Parse(value.Version);
            if (version <= Last)
            {
                errors.Enqueue($"{version} after {Last}");
            }

            Last = version;
            Interlocked.Decrement(ref _inside);
        }

        public void OnError(Exception error) => errors.Enqueue(error.Message);

        public void OnCompleted() => errors.Enqueue("completed");
    }
}
