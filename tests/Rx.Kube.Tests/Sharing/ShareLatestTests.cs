using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Sharing;

/// <summary>One subscription for many subscribers.</summary>
public sealed class ShareLatestTests : IDisposable
{
    private readonly Subject<int> _source = new();
    private readonly List<Exception> _faults = [];
    private readonly IObservable<int> _shared;
    private int _subscriptions;

    public ShareLatestTests() => _shared = Observable.Defer(() =>
    {
        _subscriptions++;
        return _source;
    }).ShareLatest(_faults.Add);

    public void Dispose() => _source.Dispose();

    [Fact]
    public void All_subscribers_share_one_subscription_and_a_late_one_gets_the_current_value_at_once()
    {
        Assert.Equal(0, _subscriptions);
        List<int> first = [], second = [];
        using var one = _shared.Subscribe(first.Add);
        _source.OnNext(1);
        _source.OnNext(2);
        using var two = _shared.Subscribe(second.Add);
        Assert.Equal([2], second);
        _source.OnNext(3);

        Assert.Equal([1, 2, 3], first);
        Assert.Equal([2, 3], second);
        Assert.Equal(1, _subscriptions);
    }

    [Fact]
    public void A_subscriber_that_comes_after_all_others_have_left_starts_again_and_does_not_hear_their_last_value()
    {
        List<int> received = [];
        var one = _shared.Subscribe();
        var two = _shared.Subscribe();
        _source.OnNext(1);
        one.Dispose();
        one.Dispose();
        Assert.True(_source.HasObservers);
        two.Dispose();
        Assert.False(_source.HasObservers);

        using var late = _shared.Subscribe(received.Add);
        Assert.Empty(received);
        Assert.Equal(2, _subscriptions);
        _source.OnNext(2);
        Assert.Equal([2], received);
    }

    [Fact]
    public void After_an_error_Retry_shares_one_new_subscription_and_the_old_value_is_forgotten()
    {
        Subject<int> current = new();
        var subscriptions = 0;
        var shared = Observable.Defer(() =>
        {
            subscriptions++;
            return current = new();
        }).ShareLatest();
        List<string> first = [], second = [];
        using var one = shared.Retry(2).Subscribe(v => first.Add($"{v}"), e => first.Add(e.Message), () => first.Add("done"));
        using var two = shared.Retry().Subscribe(v => second.Add($"{v}"), () => second.Add("done"));
        current.OnNext(1);
        current.OnError(new TimeoutException("broken"));
        Assert.Equal(2, subscriptions);
        current.OnNext(2);
        current.OnError(new TimeoutException("again"));
        Assert.Equal(3, subscriptions);
        current.OnCompleted();

        Assert.Equal(["1", "2", "again"], first);
        Assert.Equal(["1", "2", "done"], second);
    }

    [Fact]
    public void After_completion_the_next_subscriber_starts_again()
    {
        var values = new Queue<int>([1, 2]);
        var shared = Observable.Defer(() => Observable.Return(values.Dequeue())).ShareLatest();

        Assert.Equal(1, shared.Wait());
        Assert.Equal(2, shared.Wait());
    }

    [Fact]
    public void A_source_that_throws_in_Subscribe_is_an_error_for_its_subscriber_and_may_succeed_the_next_time()
    {
        var isBroken = true;
        var shared = Observable.Create<int>(observer =>
        {
            if (isBroken)
            {
                throw new TimeoutException("mine");
            }

            observer.OnNext(1);
            return Disposable.Empty;
        }).ShareLatest();

        Assert.Equal("mine", Assert.Throws<TimeoutException>(() => shared.Wait()).Message);
        isBroken = false;
        Assert.Equal(1, shared.FirstAsync().Wait());
    }

    [Fact]
    public void A_synchronous_source_that_is_left_inside_its_Subscribe_is_unsubscribed_from()
    {
        var open = 0;
        var shared = Observable.Create<int>(observer =>
        {
            open++;
            observer.OnNext(1);
            observer.OnNext(2);
            return Disposable.Create(() => open--);
        }).ShareLatest();
        List<int> received = [];
        using var subscription = shared.Take(1).Subscribe(received.Add);

        Assert.Equal([1], received);
        Assert.Equal(0, open);
        Assert.Equal(1, shared.FirstAsync().Wait()); // It starts from the first value.
        Assert.Equal(0, open);
    }

    [Fact]
    public void Subscriptions_disposals_and_values_inside_OnNext_keep_the_order()
    {
        List<string> outer = [], nested = [], last = [];
        var inner = new SerialDisposable();
        var other = new SerialDisposable();
        using var first = _shared.Subscribe(value =>
        {
            outer.Add($"{value}");
            if (value == 1)
            {
                inner.Disposable = _shared.Subscribe(n => nested.Add($"{n}"));
                _source.OnNext(2);
                _source.OnNext(3);
                other.Dispose();
                outer.Add("back"); // It was not called during its own call.
            }
        });
        other.Disposable = _shared.Subscribe(value => Assert.NotEqual(1, value)); // It left before its turn.
        using var third = _shared.Subscribe(value => last.Add($"{value}"));
        _source.OnNext(1);

        Assert.Equal(["1", "back", "3"], outer);
        Assert.Equal(["1", "2", "3"], nested);
        Assert.Equal(["2", "3"], last); // Never 1 after 2.
        Assert.Empty(_faults);
        inner.Dispose();
    }

    [Fact]
    public void A_value_and_the_end_that_come_during_OnNext_follow_it_and_an_error_drops_the_value()
    {
        string Seen(Action<Subject<int>> end)
        {
            using var source = new Subject<int>();
            var seen = "";
            using var subscription = source.ShareLatest().Subscribe(
                value =>
                {
                    seen += value;
                    if (value == 1)
                    {
                        source.OnNext(2);
                        end(source);
                        seen += "-";
                    }
                },
                _ => seen += "#",
                () => seen += "|");
            source.OnNext(1);
            return seen;
        }

        Assert.Equal("1-2|", Seen(source => source.OnCompleted()));
        Assert.Equal("1-#", Seen(source => source.OnError(new TimeoutException())));
    }

    [Fact]
    public void A_subscriber_that_throws_loses_its_own_subscription_and_the_others_and_the_source_go_on()
    {
        List<int> before = [], after = [];
        using var one = _shared.Subscribe(before.Add);
        using var throwing = _shared.Subscribe(_ => throw new InvalidOperationException("mine"));
        using var two = _shared.Subscribe(after.Add);
        _source.OnNext(1);
        _source.OnNext(2);

        Assert.Equal([1, 2], before);
        Assert.Equal([1, 2], after);
        Assert.Equal("mine", Assert.Single(_faults).Message);
    }

    [Fact]
    public void A_subscriber_that_throws_on_the_current_value_or_at_the_end_is_reported_too()
    {
        using var one = _shared.Subscribe(_ => { }, _ => { });
        _source.OnNext(1);
        using var late = _shared.Subscribe(_ => throw new InvalidOperationException("late"));
        using var withoutHandler = _shared.Subscribe(_ => { });
        using var atTheEnd = _shared.Subscribe(_ => { }, _ => throw new InvalidOperationException("in OnError"));
        _source.OnError(new TimeoutException("broken"));

        Assert.Equal(["late", "broken", "in OnError"], _faults.Select(e => e.Message));
    }

    [Fact]
    public void When_the_last_subscriber_throws_the_source_is_unsubscribed_from()
    {
        using var throwing = _shared.Subscribe(_ => throw new InvalidOperationException("mine"));
        _source.OnNext(1);

        Assert.False(_source.HasObservers);
    }

    [Fact]
    public void A_handler_of_faults_that_throws_harms_no_other_subscriber()
    {
        using var source = new Subject<int>();
        List<int> received = [];
        var shared = source.ShareLatest(_ => throw new InvalidOperationException("from the handler"));
        using var throwing = shared.Subscribe(_ => throw new InvalidOperationException("mine"));
        using var other = shared.Subscribe(received.Add);
        source.OnNext(1);
        source.OnNext(2);

        Assert.Equal([1, 2], received);
    }

    [Fact]
    public void On_a_scheduler_subscribers_are_called_there_and_lose_only_their_own_subscription_when_they_throw()
    {
        var clock = new VirtualClock();
        List<int> received = [];
        var shared = _source.ShareLatest(_faults.Add, clock);
        using var throwing = shared.Subscribe(_ => throw new InvalidOperationException("mine"));
        using var other = shared.Subscribe(received.Add);
        _source.OnNext(1);
        Assert.Empty(received);
        clock.AdvanceBy(1);
        _source.OnNext(2);
        _source.OnNext(3);
        clock.AdvanceBy(1);

        Assert.Equal([1, 3], received);
        Assert.Equal("mine", Assert.Single(_faults).Message);
    }

    [Fact]
    public void Disposal_cancels_what_is_scheduled()
    {
        var clock = new VirtualClock();
        using var keep = _source.ShareLatest(observeOn: clock).Subscribe();
        var subscription = _source.ShareLatest(observeOn: clock).Subscribe(_ => Assert.Fail("called after its disposal"));
        _source.OnNext(1);
        subscription.Dispose();
        keep.Dispose();

        Assert.True(clock.IsIdle);
    }

    [Fact]
    public void A_scheduler_that_refuses_work_is_a_fault_of_the_subscriber_and_not_of_the_source()
    {
        var loop = new EventLoopScheduler();
        loop.Dispose();
        using var subscription = _source.ShareLatest(_faults.Add, loop).Subscribe();
        _source.OnNext(1);

        Assert.IsType<ObjectDisposedException>(Assert.Single(_faults));
        Assert.False(_source.HasObservers);
    }
}
