using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Testing.Tests;

public sealed class MarblesTests
{
    [Theory, ClassData(typeof(Clocks))]
    public void A_cold_stream_starts_over_for_every_subscription(string name)
    {
        var clock = Clocks.New(name);
        var source = clock.Cold("-a-b|");
        var (early, late) = (clock.Expect(source), clock.Expect(source, "---^--!"));

        early.ToBe("-a-b|");
        late.ToBe("----a");
        source.ToHaveSubscriptions("^---!", "---^--!");
    }

    [Theory, ClassData(typeof(Clocks))]
    public void The_example_of_its_documentation_holds(string name)
    {
        var clock = Clocks.New(name);
        var source = clock.Cold("a-b 97ms c|");
        clock.Expect(source.Throttle(TimeSpan.FromMilliseconds(10), clock)).ToBe("12ms b 88ms (c|)");
        source.ToHaveSubscriptions("^ 100ms !");
    }

    [Theory, ClassData(typeof(Clocks))]
    public void A_hot_stream_emits_independent_of_its_subscriptions(string name)
    {
        var clock = Clocks.New(name);
        var source = clock.Hot("x-^a-b-(c|)");
        var whole = clock.Expect(source);
        var part = clock.Expect(source, "---^-!");
        var after = clock.Expect(source, "10ms ^");

        whole.ToBe("-a-b-(c|)");
        part.ToBe("---b");
        after.ToBe("10ms |");
        source.ToHaveSubscriptions("^----!", "---^-!", "10ms (^!)");
    }

    [Theory, ClassData(typeof(Clocks))]
    public void A_hot_stream_that_ended_before_frame_zero_sends_its_end_to_new_subscribers(string name)
    {
        var clock = Clocks.New(name);
        var completed = clock.Expect(clock.Hot("a-|--^"), "--^");
        var failed = clock.Expect(clock.Hot("# 5ms ^", new TimeoutException("late")));

        completed.ToBe("--|");
        failed.ToBe("#", new TimeoutException("late"));
    }

    [Theory, ClassData(typeof(Clocks))]
    public void Within_a_frame_subscriptions_and_disposals_come_before_emissions(string name)
    {
        var clock = Clocks.New(name);
        var source = clock.Hot("a-b");

        var first = clock.Expect(source, "^-!");
        var second = clock.Expect(source, "--^");
        first.ToBe("a");
        second.ToBe("--b");
    }

    [Theory, ClassData(typeof(Clocks))]
    public void Values_come_from_a_dictionary_a_selector_or_are_the_characters(string name)
    {
        var clock = Clocks.New(name);
        var numbers = new Dictionary<char, int> { ['a'] = 1, ['b'] = 2 };
        var sum = clock.Expect(clock.Cold("-a-b|", numbers).Scan((x, y) => x + y));
        var digits = clock.Expect(clock.Hot("-1-2|", c => c - '0'));
        var letters = clock.Expect(clock.Cold("-a#", new TimeoutException("late")).Select(char.ToUpperInvariant));

        sum.ToBe("-a-c|", new Dictionary<char, int> { ['a'] = 1, ['c'] = 3 });
        digits.ToBe("-a-b|", numbers);
        letters.ToBe("-A#", new TimeoutException("late"));
    }

    [Theory, ClassData(typeof(Clocks))]
    public void Operators_in_time_are_seen_at_their_frames(string name)
    {
        var clock = Clocks.New(name);
        var source = clock.Cold("a-b 97ms c|");
        var throttled = clock.Expect(source.Throttle(TimeSpan.FromMilliseconds(10), clock));
        var delayed = clock.Expect(source.Delay(MarbleDiagram.Time("--|"), clock));
        var late = clock.Expect(source.Timeout(TimeSpan.FromMilliseconds(50), clock));
        var ticks = clock.Expect(Observable.Interval(TimeSpan.FromSeconds(1), clock), "^ 2.5s !");

        throttled.ToBe("12ms b 88ms (c|)");
        delayed.ToBe("--a-b 97ms c|");
        source.ToHaveSubscriptions("^ 100ms !", "^ 100ms !", "^ 51ms !");
        late.ToBe("a-b 49ms #", new TimeoutException("The operation has timed out."));
        ticks.ToBe("1s a 999ms b", c => c - 'a');
    }

    [Theory, ClassData(typeof(Clocks))]
    public void Streams_that_emit_in_one_frame_do_so_in_the_order_of_their_subscriptions(string name)
    {
        var clock = Clocks.New(name);
        clock.Expect(clock.Cold("-a-b|").Merge(clock.Cold("-c-d|"))).ToBe("-[ac]-[bd]|");
    }

    [Fact]
    public void Expectations_must_be_planned_before_the_clock_runs()
    {
        var clock = new VirtualClock();
        clock.Expect(clock.Cold("---|")).ToBe("---|");

        var error = Assert.Throws<InvalidOperationException>(() => clock.Expect(clock.Cold("a")));
        Assert.Contains("3 ms", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_without_an_end_fails_the_test_instead_of_hanging_it()
    {
        var clock = new VirtualClock();
        var expectation = clock.Expect(Observable.Interval(TimeSpan.FromMilliseconds(1), clock));

        var error = Assert.Throws<MarbleAssertionException>(() => expectation.ToBe("-a", _ => 0L));
        Assert.Contains("never completes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_neither_ends_nor_emits_fails_the_test_too()
    {
        var clock = new VirtualClock();
        var expectation = clock.Expect(Observable.Interval(TimeSpan.FromSeconds(1), clock).IgnoreElements());

        var error = Assert.Throws<MarbleAssertionException>(() => expectation.ToBe("", _ => 0L));
        Assert.Contains("never completes", error.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Clocks))]
    public void A_stream_without_an_end_is_reported_whichever_expectation_comes_first(string name)
    {
        var clock = Clocks.New(name);
        var finite = clock.Expect(clock.Cold("200s a|"));
        clock.Expect(Observable.Interval(TimeSpan.FromMilliseconds(1), clock));

        var error = Assert.Throws<MarbleAssertionException>(() => finite.ToBe(""));
        Assert.Contains("never completes", error.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Clocks))]
    public void After_a_run_that_ended_with_an_exception_the_next_expectation_is_really_checked(string name)
    {
        var clock = Clocks.New(name);
        clock.ScheduleAbsolute(10_000, () => throw new IOException("mine"));
        var (first, second) = (clock.Expect(clock.Cold("--a|")), clock.Expect(clock.Cold("--a|")));

        Assert.Throws<IOException>(() => first.ToBe("--a|"));
        Assert.Throws<MarbleAssertionException>(() => second.ToBe(""));
        first.ToBe("--a|");
    }

    [Theory, ClassData(typeof(Clocks))]
    public void Within_a_run_nothing_can_be_expected(string name)
    {
        var clock = Clocks.New(name);
        var inner = clock.Expect(clock.Cold("--a|"));
        clock.ScheduleAbsolute(10_000, () => inner.ToBe(""));

        var error = Assert.Throws<InvalidOperationException>(() => inner.ToBe("--a|"));
        Assert.StartsWith("The clock is running", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_compared_with_the_comparer()
    {
        var clock = new VirtualClock();
        var seen = clock.CreateObserver<string>();
        var source = clock.Cold("-a-b|", c => c.ToString());
        source.Subscribe(seen);

        clock.Expect(source).ToBe("-A-B|", c => c.ToString(), comparer: StringComparer.OrdinalIgnoreCase);
        seen.ToHaveMessages("-A-B|", c => c.ToString(), comparer: StringComparer.OrdinalIgnoreCase);
        Assert.Throws<MarbleAssertionException>(() => seen.ToHaveMessages("-A-B|", c => c.ToString()));
        Assert.Throws<MarbleAssertionException>(() =>
            seen.ToHaveMessages("-A-C|", c => c.ToString(), comparer: StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_stream_of_another_clock_is_not_silent_but_an_error()
    {
        var (clock, another) = (new VirtualClock(), new VirtualClock());
        var (cold, hot) = (clock.Expect(another.Cold("-a")), clock.Expect(another.Hot("-a")));

        Assert.Contains("the same clock", Assert.ThrowsAny<Exception>(() => cold.ToBe("")).Message, StringComparison.Ordinal);
        Assert.Contains("the same clock", Assert.ThrowsAny<Exception>(() => hot.ToBe("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_may_be_run_within_the_run_of_another()
    {
        var (clock, another) = (new VirtualClock(), new VirtualClock());
        var seen = another.CreateObserver<char>();
        another.ScheduleAbsolute(10_000, () => another.Cold("-a").Subscribe(seen));
        clock.ScheduleAbsolute(5_000, () => another.AdvanceTo(TimeSpan.FromMilliseconds(2)));

        clock.Expect(clock.Cold("-a|")).ToBe("-a|");
        seen.ToHaveMessages("--a", c => c);
    }

    [Fact]
    public void An_expectation_that_makes_no_sense_fails_before_the_clock_runs()
    {
        var clock = new VirtualClock();
        var expectation = clock.Expect(clock.Cold("-a|"));

        Assert.Throws<MarbleFormatException>(() => expectation.ToBe("(a"));
        Assert.Equal(0, clock.Clock);
        Assert.Throws<MarbleFormatException>(() => clock.Expect(clock.Cold("a"), "---"));
        expectation.ToBe("-a|");
    }

    [Fact]
    public void Disposal_within_OnNext_mutes_the_rest_of_the_frame()
    {
        var clock = new VirtualClock();
        var (cold, hot) = (clock.Cold("-(abc)"), clock.Hot("-(abc)"));
        var first = clock.Expect(cold.Take(2));
        var second = clock.Expect(hot.Take(2));

        first.ToBe("-(ab|)");
        second.ToBe("-(ab|)");
        cold.ToHaveSubscriptions("^!");
        hot.ToHaveSubscriptions("^!");
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var clock = new VirtualClock();
        VirtualClock none = null!;
        Assert.Throws<ArgumentNullException>(() => none.Cold("a"));
        Assert.Throws<ArgumentNullException>(() => none.Hot("a"));
        Assert.Throws<ArgumentNullException>(() => none.Expect(Observable.Never<int>()));
        Assert.Throws<ArgumentNullException>(() => clock.Cold(null!));
        Assert.Throws<ArgumentNullException>(() => clock.Hot(null!));
        Assert.Throws<ArgumentNullException>(() => clock.Cold("a", (Dictionary<char, int>)null!));
        Assert.Throws<ArgumentNullException>(() => clock.Hot("a", (Func<char, int>)null!));
        Assert.Throws<ArgumentNullException>(() => clock.Expect<int>(null!));
        Assert.Throws<ArgumentNullException>(() => clock.Expect(clock.Cold("a")).ToBe(null!));
        Assert.Throws<ArgumentNullException>(() => clock.Cold("a").ToHaveSubscriptions(null!));
    }
}
