using System.Reactive.Concurrency;
using System.Reactive.Linq;
using static Rx.Kube.Testing.Timed;

namespace Rx.Kube.Testing.Tests;

public sealed class VirtualTimeTests
{
    [Theory, ClassData(typeof(Clocks))]
    public void Start_creates_subscribes_and_disposes_at_the_default_times(string name)
    {
        var clock = Clocks.New(name);
        var source = clock.CreateHotObservable(OnNext(190, 1), OnNext(210, 2), OnNext(999, 3), OnNext(1000, 4), OnCompleted<int>(1100));

        var seen = clock.Start(() => source.Select(x => x * 10));

        seen.Messages.AssertEqual(OnNext(210, 20), OnNext(999, 30));
        source.Subscriptions.AssertEqual(Subscribe(200, 1000));
    }

    [Theory, ClassData(typeof(Clocks))]
    public void Cold_observables_count_from_the_subscription_and_end_with_their_end(string name)
    {
        var clock = Clocks.New(name);
        var error = new TimeoutException();
        var source = clock.CreateColdObservable(OnNext(10, 'a'), OnError<char>(20, error), OnNext(30, 'b'));

        clock.Start(() => source.Retry(2), disposed: 900).Messages
            .AssertEqual(OnNext(210, 'a'), OnNext(230, 'a'), OnError<char>(240, error));
        source.Subscriptions.AssertEqual(Subscribe(200, 220), Subscribe(220, 240));
    }

    [Fact]
    public void A_hot_observable_of_messages_sends_nothing_after_its_end()
    {
        var clock = new VirtualClock();
        var source = clock.CreateHotObservable(OnNext(10, 'a'), OnCompleted<char>(20));

        Assert.Empty(clock.Start(() => source).Messages);
        source.Subscriptions.AssertEqual(Subscribe(200, 1000));
    }

    [Fact]
    public void An_action_that_is_due_at_once_runs_at_the_same_time_after_those_that_wait()
    {
        var clock = new VirtualClock();
        var log = new List<string>();
        clock.ScheduleAbsolute(10, () =>
        {
            log.Add($"first {clock.Clock}");
            clock.Schedule(() => log.Add($"third {clock.Clock}"));
        });
        clock.ScheduleAbsolute(10, () => log.Add($"second {clock.Clock}"));

        clock.Start();

        Assert.Equal(["first 10", "second 10", "third 10"], log);
    }

    [Fact]
    public void The_clock_has_the_date_and_time_it_was_created_with()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var clock = new VirtualClock(start);
        IScheduler scheduler = clock;
        var rang = new List<DateTimeOffset>();
        scheduler.Schedule(start.AddHours(1), () => rang.Add(clock.Now));

        clock.AdvanceTo(TimeSpan.FromMinutes(59));
        Assert.Empty(rang);
        clock.AdvanceBy(TimeSpan.FromMinutes(2));

        Assert.Equal([start.AddHours(1)], rang);
        Assert.Equal(start.AddMinutes(61), clock.Now);
        Assert.Equal(61 * 60_000, clock.Frame());
        Assert.Equal(DateTimeOffset.MinValue, new VirtualClock().Now);
    }

    [Fact]
    public void The_clock_tells_whether_a_timer_is_left()
    {
        var clock = new VirtualClock();
        Assert.True(clock.IsIdle);

        var subscription = Observable.Timer(TimeSpan.FromSeconds(1), clock).Subscribe();
        Assert.False(clock.IsIdle);
        subscription.Dispose();

        Assert.True(clock.IsIdle);
    }

    [Fact]
    public void Start_refuses_times_in_the_wrong_order_and_a_running_clock()
    {
        var clock = new VirtualClock();
        var source = clock.Cold("a");

        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Start(() => source, created: 300, subscribed: 200));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Start(() => source, disposed: 150));
        clock.ScheduleAbsolute(10, () => clock.Start(() => source));
        Assert.Throws<InvalidOperationException>(clock.Start);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9_999, 0)]
    [InlineData(10_000, 1)]
    [InlineData(-1, -1)]
    [InlineData(-10_000, -1)]
    [InlineData(-10_001, -2)]
    public void A_frame_is_a_whole_millisecond_before_zero_as_well(long ticks, long frame) => Assert.Equal(frame, OnNext(ticks, 'a').Frame);

    [Fact]
    public void After_an_exception_the_clock_stands_at_its_time_and_can_be_started_again()
    {
        var clock = new VirtualClock();
        var rang = false;
        clock.ScheduleAbsolute(10, () => throw new IOException("mine"));
        clock.ScheduleAbsolute(20, () => rang = true);

        Assert.Throws<IOException>(clock.Start);
        Assert.Equal((10, false), (clock.Clock, rang));
        clock.AdvanceTo(20);

        Assert.True(rang);
    }

    [Fact]
    public void A_time_that_never_comes_is_not_in_the_past()
    {
        var clock = new VirtualClock(DateTimeOffset.UnixEpoch);
        var rang = new List<DateTimeOffset>();
        clock.AdvanceTo(10);
        using var timer = clock.Schedule(TimeSpan.MaxValue, () => rang.Add(clock.Now));

        clock.AdvanceTo(TimeSpan.FromDays(1));
        Assert.Empty(rang);
        clock.Start();
        Assert.Equal([DateTimeOffset.MaxValue], rang);
    }

    [Fact]
    public void The_observer_records_violations_of_the_grammar()
    {
        var clock = new VirtualClock();
        var seen = clock.CreateObserver<int>();

        seen.OnCompleted();
        seen.OnNext(1);

        seen.Messages.AssertEqual(OnCompleted<int>(0), OnNext(0, 1));
    }

    [Fact]
    public void Messages_that_differ_are_described()
    {
        var actual = new[] { OnNext(10, 'a'), OnNext(20, 'b') };

        Assert.Equal(
            "Record 2 of 2 differs: expected OnNext(b)@21, but it was OnNext(b)@20.",
            Assert.Throws<MarbleAssertionException>(() => actual.AssertEqual(OnNext(10, 'a'), OnNext(21, 'b'))).Message);
        Assert.Equal(
            "Record 2 of 2 differs: expected nothing more, but it was OnNext(b)@20.",
            Assert.Throws<MarbleAssertionException>(() => actual.AssertEqual(OnNext(10, 'a'))).Message);
        Assert.Throws<MarbleAssertionException>(() => new[] { Subscribe(1, 2) }.AssertEqual(Subscribe(1)));
    }
}
