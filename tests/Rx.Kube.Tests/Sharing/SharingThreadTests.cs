using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Sharing;

/// <summary>Sharing on real threads. Time limits only bound a failure.</summary>
public sealed class SharingThreadTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task On_a_scheduler_a_blocked_subscriber_delays_neither_the_source_nor_the_others_and_then_gets_the_newest()
    {
        using var source = new Subject<int>();
        var shared = source.ShareLatest(observeOn: NewThreadScheduler.Default);
        await Blocked(shared, v => v, source.OnNext, shared, v => v);
    }

    [Fact]
    public async Task On_a_scheduler_a_blocked_subscriber_of_one_Service_does_not_delay_another_Service()
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        var services = source.ToClusterTopology().ByService(observeOn: NewThreadScheduler.Default);
        await Blocked(
            services.Service(new("prod", "cache")),
            t => int.Parse(t.Version),
            version => source.OnNext(Listed($"{version}", Slice("a", Pod("p", $"10.0.0.{version}")))),
            services.Service(new("prod", "web")),
            t => int.Parse(t.Version));
    }

    [Fact]
    public async Task ObserveLatest_frees_one_slow_subscriber_of_a_shared_stream()
    {
        using var source = new Subject<int>();
        var shared = source.ShareLatest();
        await Blocked(shared.ObserveLatest(), v => v, source.OnNext, shared, v => v);
    }

    [Fact]
    public async Task On_an_event_loop_a_blocked_subscriber_has_one_action_at_most_and_other_work_has_its_turn()
    {
        using var loop = new EventLoopScheduler();
        using var source = new Subject<int>();
        using var isBusy = new ManualResetEventSlim();
        using var mayReturn = new ManualResetEventSlim();
        using var isDone = new ManualResetEventSlim();
        var counting = new CountingScheduler(loop);
        var seen = new List<string>();
        using var subscription = source.ObserveLatest(counting).Subscribe(
            value =>
            {
                seen.Add($"{value}");
                isBusy.Set();
                Assert.True(mayReturn.Wait(_patience));
            },
            isDone.Set);
        source.OnNext(1);
        Assert.True(isBusy.Wait(_patience));
        loop.Schedule(() => seen.Add("other work"));
        for (var value = 2; value <= 10_000; value++)
        {
            source.OnNext(value);
        }

        Assert.Equal(1, counting.Scheduled);
        mayReturn.Set();
        await Eventually(() => counting.Scheduled == 2);
        source.OnCompleted();
        Assert.True(isDone.Wait(_patience));
        Assert.Equal(["1", "other work", "10000"], seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_many_threads_a_late_subscriber_gets_the_current_value_and_no_older_one_and_all_get_the_last(bool scheduled)
    {
        const int Threads = 4, Rounds = 400, Values = 3_000;
        using var source = new Subject<int>();
        var shared = source.ShareLatest(observeOn: scheduled ? TaskPoolScheduler.Default : null);
        using var go = new Barrier(Threads + 1);
        var (errors, grammar, emitted) = (new ConcurrentQueue<string>(), new GrammarLog(), 0);
        using var keep = shared.Subscribe(_ => { });
        var subscribers = Enumerable.Range(0, Threads).Select(_ => OnAnotherThread(() =>
        {
            Assert.True(go.SignalAndWait(_patience));
            for (var round = 0; round < Rounds; round++)
            {
                var (last, calls) = (Volatile.Read(ref emitted) - 1, 0);
                shared.Subscribe(value =>
                {
                    if (value <= last || Interlocked.Increment(ref calls) > 1)
                    {
                        errors.Enqueue($"{value} after or during {last}");
                    }

                    last = value;
                    Interlocked.Decrement(ref calls);
                }).Dispose(); // Not behind the validator: a call may be on its way to it during Dispose.
            }
        })).ToArray();
        var staying = new int[10];
        using var all = new CompositeDisposable(
            staying.Select((_, i) => shared.ValidateGrammar(grammar).Subscribe(value => staying[i] = value)));
        Assert.True(go.SignalAndWait(_patience));
        for (var value = 1; value <= Values; value++)
        {
            source.OnNext(value);
            Volatile.Write(ref emitted, value);
        }

        await Task.WhenAll(subscribers).WaitAsync(_patience);
        await Eventually(() => staying.All(value => value == Values));
        Assert.Empty(errors);
        grammar.ToHaveNoViolations();
        all.Dispose();
        keep.Dispose();
        Assert.False(source.HasObservers);
    }

    [Fact]
    public async Task From_many_threads_subscribing_and_leaving_never_shows_the_value_of_an_earlier_subscription_and_leaves_none_open()
    {
        var (open, last, errors) = (0, 0, new ConcurrentQueue<string>());
        var shared = Observable.Create<int>(observer =>
        {
            Interlocked.Increment(ref open);
            var number = Interlocked.Increment(ref last);
            observer.OnNext(number);
            return Disposable.Create(() => Interlocked.Decrement(ref open));
        }).ShareLatest();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OnAnotherThread(() =>
        {
            var highest = 0;
            for (var round = 0; round < 2_000; round++)
            {
                shared.Subscribe(value =>
                {
                    if (value < highest)
                    {
                        errors.Enqueue($"{value} after {highest}");
                    }

                    highest = value;
                }).Dispose();
            }
        }))).WaitAsync(_patience);

        Assert.Empty(errors);
        Assert.Equal(0, open);
    }

    /// <summary>The first stream has a subscriber that blocks in its first value; the second stream has one that does not.</summary>
    private static async Task Blocked<TBlocked, TOther>(
        IObservable<TBlocked> blocked, Func<TBlocked, int> blockedValue, Action<int> emit,
        IObservable<TOther> other, Func<TOther, int> otherValue)
    {
        var isBusy = new ManualResetEventSlim();
        var mayReturn = new ManualResetEventSlim();
        ConcurrentQueue<int> slow = [], fast = [];
        using var one = blocked.Subscribe(value =>
        {
            slow.Enqueue(blockedValue(value));
            isBusy.Set();
            Assert.True(mayReturn.Wait(_patience));
        });
        using var two = other.Subscribe(value => fast.Enqueue(otherValue(value)));
        await OnAnotherThread(() => emit(1)).WaitAsync(_patience);
        Assert.True(isBusy.Wait(_patience));
        await Eventually(() => fast.LastOrDefault() == 1);
        for (var value = 2; value <= 5; value++)
        {
            await OnAnotherThread(() => emit(value)).WaitAsync(_patience);
            await Eventually(() => fast.LastOrDefault() == value);
        }

        Assert.Equal([1], slow);
        mayReturn.Set();
        await Eventually(() => slow.Count == 2);
        Assert.Equal([1, 5], slow);
        Assert.Equal([1, 2, 3, 4, 5], fast);
    }

    private static async Task Eventually(Func<bool> condition)
    {
        for (var deadline = DateTime.UtcNow + _patience; !condition(); await Task.Delay(1))
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not happen");
        }
    }

    private static Task OnAnotherThread(Action act) =>
        Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class CountingScheduler(IScheduler inner) : IScheduler
    {
        private int _scheduled;

        public int Scheduled => Volatile.Read(ref _scheduled);

        public DateTimeOffset Now => inner.Now;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
        {
            Interlocked.Increment(ref _scheduled);
            return inner.Schedule(state, (_, its) => action(this, its));
        }

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
            throw new NotSupportedException();

        public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
            throw new NotSupportedException();
    }
}
