using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube.Testing.Tests;

/// <summary>Streams that break the grammar in every possible way, on one thread.</summary>
public sealed class ValidateGrammarTests
{
    private readonly VirtualClock _clock = new();
    private readonly GrammarLog _log;
    private readonly RawSource<char> _source = new();
    private readonly RawObserver<char> _seen = new();

    public ValidateGrammarTests() => _log = new(_clock);

    [Theory, ClassData(typeof(Clocks))]
    public void A_stream_that_keeps_the_grammar_passes_through_unchanged(string name)
    {
        var clock = Clocks.New(name);
        var log = new GrammarLog(clock);
        var source = clock.Cold("a-(bc)-|");
        var broken = clock.Cold("a-#", new TimeoutException("late"));
        var whole = clock.Expect(source.ValidateGrammar(log));
        var part = clock.Expect(source.ValidateGrammar(log), "^-!");
        var failed = clock.Expect(broken.ValidateGrammar(log));

        whole.ToBe("a-(bc)-|");
        part.ToBe("a");
        failed.ToBe("a-#", new TimeoutException("late"));
        source.ToHaveSubscriptions("^------!", "^-!");
        log.ToHaveNoViolations();
    }

    [Theory]
    [InlineData("|", "|", "OnCompleted came at 5 ms after OnCompleted at 0 ms")]
    [InlineData("|", "b", "OnNext(b) came at 5 ms after OnCompleted at 0 ms")]
    [InlineData("|", "#", "OnError(TimeoutException: late) came at 5 ms after OnCompleted at 0 ms")]
    [InlineData("#", "b", "OnNext(b) came at 5 ms after OnError(TimeoutException: late) at 0 ms")]
    [InlineData("#", "|", "OnCompleted came at 5 ms after OnError(TimeoutException: late) at 0 ms")]
    [InlineData("!", "b", "OnNext(b) began at 5 ms after Dispose had returned at 0 ms")]
    [InlineData("!", "|", "OnCompleted began at 5 ms after Dispose had returned at 0 ms")]
    [InlineData("!", "#", "OnError(TimeoutException: late) began at 5 ms after Dispose had returned at 0 ms")]
    [InlineData("", "null", "OnError was given null at 5 ms")]
    public void A_late_call_is_thrown_and_recorded_and_not_passed_on(string first, string then, string violation)
    {
        var subscription = _source.ValidateGrammar(_log, "it").Subscribe(_seen);
        Say(first);
        var before = _seen.Heard.Count;
        _clock.AdvanceTo(TimeSpan.FromMilliseconds(5));

        var error = Assert.Throws<GrammarException>(() => Say(then));

        Assert.Equal($"it: {violation}", error.Message);
        Assert.Same(error, Assert.Single(_log.Violations));
        Assert.Equal(before, _seen.Heard.Count);

        void Say(string what)
        {
            switch (what)
            {
                case "|":
                    _source.Observer.OnCompleted();
                    break;
                case "#":
                    _source.Observer.OnError(new TimeoutException("late"));
                    break;
                case "!":
                    subscription.Dispose();
                    break;
                case "null":
                    _source.Observer.OnError(null!);
                    break;
                case [var key]:
                    _source.Observer.OnNext(key);
                    break;
            }
        }
    }

    [Fact]
    public void A_call_inside_a_call_is_reported_with_both()
    {
        _source.ValidateGrammar(_log, "it").Subscribe(new RawObserver<char>(c => _source.Observer.OnNext(++c)));

        var error = Assert.Throws<GrammarException>(() => _source.Observer.OnNext('a'));

        Assert.Equal("it: OnNext(b) began at 0 ms inside OnNext(a)", error.Message);
    }

    [Fact]
    public void An_end_inside_a_call_is_reported()
    {
        _source.ValidateGrammar(_log, "it").Subscribe(new RawObserver<char>(_ => _source.Observer.OnCompleted()));

        var error = Assert.Throws<GrammarException>(() => _source.Observer.OnNext('a'));

        Assert.Equal("it: OnCompleted began at 0 ms inside OnNext(a)", error.Message);
    }

    [Fact]
    public void Dispose_inside_OnNext_is_allowed_and_a_later_call_in_the_same_frame_is_not()
    {
        var subscription = new SingleAssignmentDisposable();
        subscription.Disposable = _source.ValidateGrammar(_log, "it").Subscribe(new RawObserver<char>(_ => subscription.Dispose()));

        _source.Observer.OnNext('a');
        _log.ToHaveNoViolations();

        Assert.Equal(
            "it: OnNext(b) began at 0 ms after Dispose had returned at 0 ms",
            Assert.Throws<GrammarException>(() => _source.Observer.OnNext('b')).Message);
    }

    [Fact]
    public void A_call_during_Dispose_is_not_late()
    {
        RawSource<char> source = null!;
        source = new(_ => Disposable.Create(() => source.Observer.OnCompleted()));

        source.ValidateGrammar(_log).Subscribe(_seen).Dispose();

        _log.ToHaveNoViolations();
        Assert.Equal(["|"], _seen.Heard);
    }

    [Fact]
    public void Dispose_is_passed_on_every_time()
    {
        var disposed = 0;
        var source = new RawSource<char>(_ => new Counting(() => disposed++));

        var subscription = source.ValidateGrammar(_log).Subscribe(_seen);
        subscription.Dispose();
        subscription.Dispose();

        Assert.Equal(2, disposed);
    }

    [Fact]
    public void A_Subscribe_or_Dispose_that_throws_and_a_null_subscription_are_reported()
    {
        var cause = new TimeoutException("late");
        var refuses = new RawSource<char>(_ => throw cause).ValidateGrammar(_log, "one");
        var sticks = new RawSource<char>(_ => new Counting(() => throw cause)).ValidateGrammar(_log, "two");
        var gives = new RawSource<char>(_ => null!).ValidateGrammar(_log, "three");

        var error = Assert.Throws<GrammarException>(() => refuses.Subscribe(_seen));
        Assert.Same(cause, error.InnerException);
        Assert.Throws<GrammarException>(() => sticks.Subscribe(_seen).Dispose());
        Assert.Throws<GrammarException>(() => gives.Subscribe(_seen));

        Assert.Equal(
            [
                "one: Subscribe threw at 0 ms: TimeoutException: late", "two: Dispose threw at 0 ms: TimeoutException: late",
                "three: Subscribe returned null at 0 ms",
            ],
            _log.Violations.Select(v => v.Message));
    }

    [Fact]
    public void An_exception_of_the_observer_is_no_violation_even_out_of_Subscribe()
    {
        var mine = new InvalidOperationException("mine");
        var observer = new RawObserver<char>(_ => throw mine);

        var atOnce = Observable.Return('a', ImmediateScheduler.Instance).ValidateGrammar(_log);

        Assert.Same(mine, Assert.Throws<InvalidOperationException>(() => atOnce.Subscribe(observer)));
        _source.ValidateGrammar(_log).Subscribe(observer);
        Assert.Same(mine, Assert.Throws<InvalidOperationException>(() => _source.Observer.OnNext('a')));
        Assert.Throws<InvalidOperationException>(() => _source.Observer.OnNext('b')); // the first call is over, although it threw

        _log.ToHaveNoViolations();
    }

    [Fact]
    public void A_swallowed_violation_is_in_the_log_with_its_stack()
    {
        var swallows = new RawSource<char>(o =>
        {
            o.OnCompleted();
            try
            {
                HereItHappens(o);
            }
            catch (GrammarException)
            {
            }

            return Disposable.Empty;
        });
        swallows.ValidateGrammar(_log, "first").Subscribe(_seen);
        swallows.ValidateGrammar(_log, "second").Subscribe(_seen);

        var error = Assert.Throws<GrammarException>(_log.ToHaveNoViolations);

        Assert.Equal(
            """
            first: OnNext(x) came at 0 ms after OnCompleted at 0 ms
            second: OnNext(x) came at 0 ms after OnCompleted at 0 ms
            """.ReplaceLineEndings(),
            error.Message);
        Assert.Same(_log.Violations[0], error.InnerException);
        Assert.Contains(nameof(HereItHappens), _log.Violations[0].StackTrace, StringComparison.Ordinal);

        static void HereItHappens(IObserver<char> observer) => observer.OnNext('x');
    }

    [Fact]
    public void Each_subscription_is_validated_separately()
    {
        var validated = _source.ValidateGrammar(_log);
        validated.Subscribe(_seen);
        var first = _source.Observer;
        first.OnCompleted();

        validated.Subscribe(_seen);
        _source.Observer.OnNext('a');

        Assert.Equal(["|", "a"], _seen.Heard);
        Assert.Throws<GrammarException>(() => first.OnNext('b'));
    }

    [Fact]
    public void Without_a_clock_there_are_no_times_and_the_name_of_a_stream_is_its_expression()
    {
        var log = new GrammarLog();
        _source
            .ValidateGrammar(log).Subscribe(_seen);
        _source.Observer.OnCompleted();

        var error = Assert.Throws<GrammarException>(_source.Observer.OnCompleted);

        Assert.Equal("_source: OnCompleted came after OnCompleted", error.Message);
    }

    [Fact]
    public void Behind_operators_of_Rx_violations_stay_hidden()
    {
        var (beneath, face) = (new GrammarLog(_clock), new GrammarLog(_clock));
        _source.ValidateGrammar(beneath).Select(c => c).ValidateGrammar(face).Subscribe(_seen);
        _source.Observer.OnCompleted();

        Assert.Throws<GrammarException>(() => _source.Observer.OnNext('a'));

        Assert.Single(beneath.Violations);
        face.ToHaveNoViolations();
    }

    [Fact]
    public void An_expectation_of_marbles_finds_a_violation_too()
    {
        var late = new RawSource<char>(o =>
        {
            _clock.ScheduleRelative(20_000, () => o.OnNext('a'));
            return Disposable.Empty;
        });

        var error = Assert.Throws<GrammarException>(() => _clock.Expect(late, "^!").ToBe("--a"));

        Assert.Equal("the stream: OnNext(a) began at 2 ms after Dispose had returned at 1 ms", error.Message);
    }

    [Fact]
    public void An_expectation_of_marbles_finds_a_swallowed_violation()
    {
        var swallows = new RawSource<char>(o => _clock.ScheduleAbsolute(20_000, () =>
        {
            o.OnCompleted();
            Record.Exception(o.OnCompleted);
        }));

        Assert.Throws<GrammarException>(() => _clock.Expect(swallows).ToBe("--|"));
    }

    [Fact]
    public void A_collection_is_validated_in_its_lists_and_its_watches()
    {
        var watchable = new BrokenWatchable().ValidateGrammar(_log);

        Assert.Throws<GrammarException>(() => watchable.List(new()).Subscribe(new RawObserver<object>()));
        Assert.Throws<GrammarException>(() => watchable.Watch(new("17")).Subscribe(new RawObserver<object>()));

        Assert.Equal(
            [
                "the list: OnCompleted came at 0 ms after OnCompleted at 0 ms",
                "the watch from 17: OnCompleted came at 0 ms after OnCompleted at 0 ms",
            ],
            _log.Violations.Select(v => v.Message));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => ((IObservable<int>)null!).ValidateGrammar(_log));
        Assert.Throws<ArgumentNullException>(() => _source.ValidateGrammar(null!));
        Assert.Throws<ArgumentNullException>(() => _source.ValidateGrammar(_log).Subscribe((IObserver<char>)null!));
        Assert.Throws<ArgumentNullException>(() => ((IWatchable<int>)null!).ValidateGrammar(_log));
        Assert.Throws<ArgumentNullException>(() => new BrokenWatchable().ValidateGrammar(null!));
        Assert.Throws<ArgumentNullException>(() => new GrammarLog(null!));
        _log.ToHaveNoViolations();
    }

    private sealed class Counting(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }

    private sealed class BrokenWatchable : IWatchable<int>
    {
        public IObservable<WatchEvent<int>.Listed> List(ListOptions options) => Twice<WatchEvent<int>.Listed>();

        public IObservable<WatchEvent<int>> Watch(WatchOptions options) => Twice<WatchEvent<int>>();

        private static RawSource<T> Twice<T>() => new(o =>
        {
            o.OnCompleted();
            o.OnCompleted();
            return Disposable.Empty;
        });
    }
}
