using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Joins.JoinTestData;

namespace Rx.Kube.Tests.Joins;

/// <summary>The sides of a join emit on their own threads. No lock is held while the observer is called.</summary>
public class JoinThreadTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_side_does_not_wait_for_a_busy_subscriber_which_then_gets_the_latest_join()
    {
        using var topologies = new Subject<ServiceTopology>();
        using var pods = new Subject<ResourceStore<Pod>>();
        using var isBusy = new ManualResetEventSlim();
        using var mayReturn = new ManualResetEventSlim();
        var grammar = new GrammarLog();
        var seen = new List<int>();
        using var subscription = topologies.WithPods(pods).ValidateGrammar(grammar).Subscribe(joined =>
        {
            seen.Add(joined.Pods!.Count);
            isBusy.Set();
            Assert.True(mayReturn.Wait(_patience));
        });
        topologies.OnNext(TopologyOf(Listed(Slice(Endpoint(0)))));

        var busy = OnAnotherThread(() => pods.OnNext(PodsOf(1)));
        Assert.True(isBusy.Wait(_patience));
        await OnAnotherThread(() => topologies.OnNext(TopologyOf(Listed(Slice(Endpoint(0)))))).WaitAsync(_patience);
        await OnAnotherThread(() => pods.OnNext(PodsOf(2))).WaitAsync(_patience);
        await OnAnotherThread(() => pods.OnNext(PodsOf(3))).WaitAsync(_patience);
        Assert.False(busy.IsCompleted);
        mayReturn.Set();
        await busy.WaitAsync(_patience);

        Assert.Equal([1, 3], seen);
        grammar.ToHaveNoViolations();
    }

    [Fact]
    public async Task Two_joins_whose_subscribers_push_into_each_other_do_not_deadlock()
    {
        using var topologies = new Subject<ServiceTopology>();
        using var pods = new Subject<ResourceStore<Pod>>();
        using var otherTopologies = new Subject<ServiceTopology>();
        using var otherPods = new Subject<ResourceStore<Pod>>();
        using var both = new Barrier(2);
        using var one = topologies.WithPods(pods).Take(1).Subscribe(_ =>
        {
            Assert.True(both.SignalAndWait(_patience));
            otherPods.OnNext(PodsOf(1));
        });
        using var other = otherTopologies.WithPods(otherPods).Take(1).Subscribe(_ =>
        {
            Assert.True(both.SignalAndWait(_patience));
            pods.OnNext(PodsOf(1));
        });
        pods.OnNext(PodsOf(2));
        otherPods.OnNext(PodsOf(2));

        var topology = TopologyOf(Listed(Slice(Endpoint(0))));
        await Task.WhenAll(OnAnotherThread(() => topologies.OnNext(topology)), OnAnotherThread(() => otherTopologies.OnNext(topology)))
            .WaitAsync(_patience);
    }

    [Theory]
    [InlineData(false, "13|")]
    [InlineData(true, "1#")]
    public void The_end_during_OnNext_follows_it_and_only_an_error_drops_the_waiting_join(bool fails, string expected)
    {
        using var topologies = new Subject<ServiceTopology>();
        using var pods = new Subject<ResourceStore<Pod>>();
        var seen = "";
        using var subscription = topologies.WithPods(pods).Subscribe(
            joined =>
            {
                seen += joined.Pods!.Count;
                if (joined.Pods.Count == 1)
                {
                    pods.OnNext(PodsOf(2));
                    pods.OnNext(PodsOf(3));
                    pods.OnCompleted();
                    (fails ? () => topologies.OnError(new TimeoutException()) : (Action)topologies.OnCompleted)();
                    Assert.Equal("1", seen);
                }
            },
            _ => seen += "#",
            () => seen += "|");
        topologies.OnNext(TopologyOf(Listed(Slice(Endpoint(0)))));
        pods.OnNext(PodsOf(1));

        Assert.Equal(expected, seen);
        Assert.False(topologies.HasObservers || pods.HasObservers);
    }

    [Fact]
    public async Task On_real_threads_calls_are_serialized_and_the_last_join_is_that_of_the_last_snapshots()
    {
        for (var round = 0; round < 50; round++)
        {
            var grammar = new GrammarLog();
            using var topologies = new Subject<ServiceTopology>();
            using var pods = new Subject<ResourceStore<Pod>>();
            JoinedTopology? last = null;
            using var subscription = topologies.WithPods(pods).ValidateGrammar(grammar).Subscribe(joined => last = joined);
            var stores = Enumerable.Range(0, 20).Select(PodsOf).ToArray();
            var snapshots = Enumerable.Range(1, 20).Select(i => TopologyOf(Listed(Slice(Endpoint(i))))).ToArray();
            await Task.WhenAll(
                OnAnotherThread(() => Array.ForEach(stores, pods.OnNext)),
                OnAnotherThread(() => Array.ForEach(snapshots, topologies.OnNext))).WaitAsync(_patience);

            grammar.ToHaveNoViolations();
            Assert.Equal((snapshots[^1], stores[^1]), (last!.Topology, last.Pods));
        }
    }

    private static ResourceStore<Pod> PodsOf(int count) => Store(Listed([.. Enumerable.Range(0, count).Select(i => Pod(i))]));

    private static Task OnAnotherThread(Action act) =>
        Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
