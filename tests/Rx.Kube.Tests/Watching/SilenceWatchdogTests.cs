using System.Reactive.Disposables;
using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

public class SilenceWatchdogTests
{
    private static readonly Dictionary<char, WatchEvent<string>> _events = new()
    {
        ['a'] = WatchEvents.Added("a", "18"),
        ['B'] = WatchEvents.Bookmark<string>("25"),
    };

    private readonly VirtualClock _clock = new();

    [Theory]
    [InlineData("never armed", "a 1m a 9m", "a 1m a 9m", false)]
    [InlineData("a bookmark arms", "--B 9m", "--B 9ms #silent", false)]
    [InlineData("events before count for nothing", "a 1m B 9m", "a 1m B 9ms #silent", false)]
    [InlineData("every event gives time", "B-a 8ms a 9ms a 9m", "B-a 8ms a 9ms a 9ms #silent", false)]
    [InlineData("armed from the start", "9m", "10ms #silent", true)]
    [InlineData("armed, an event gives time", "5ms a 9m", "5ms a 9ms #silent", true)]
    [InlineData("the end comes first", "B-|", "B-|", false)]
    [InlineData("the error comes first", "B-#", "B-#", false)]
    [InlineData("empty", "|", "|", true)]
    public void Only_silence_is_cut_and_at_its_time(string what, string watch, string expected, bool armed)
    {
        Assert.NotEmpty(what);
        var silent = new MarbleErrors
        {
            { "", new InvalidOperationException("broken") },
            { "silent", new WatchSilentException("the watch said nothing for 0 s, although the server sends bookmarks") },
        };
        var source = _clock.Cold(watch, _events, silent);

        _clock.Expect(source.TimeoutOnceBookmarked(TimeSpan.FromMilliseconds(10), armed, _clock), "^ 5m !").ToBe(expected, _events, silent);
    }

    [Fact]
    public void A_watch_that_is_cut_or_disposed_is_unsubscribed()
    {
        var source = _clock.Cold("B 9m", _events);
        var guarded = source.TimeoutOnceBookmarked(TimeSpan.FromMilliseconds(10), scheduler: _clock);

        guarded.Subscribe(_ => { }, _ => { });
        var disposed = guarded.Subscribe(_ => { });
        _clock.AdvanceTo(TimeSpan.FromMilliseconds(5));
        disposed.Dispose();
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        source.ToHaveSubscriptions("^ 9ms !", "^----!");
    }

    [Fact]
    public void After_disposal_inside_OnNext_nothing_is_emitted()
    {
        var seen = 0;
        var subscription = new SingleAssignmentDisposable();
        subscription.Disposable = _clock.Cold("B-a-a", _events).TimeoutOnceBookmarked(TimeSpan.FromMilliseconds(10), scheduler: _clock)
            .Subscribe(
                _ =>
                {
                    seen++;
                    subscription.Dispose();
                },
                e => Assert.Fail(e.Message));
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        Assert.Equal(1, seen);
    }

    [Fact]
    public void The_time_a_subscriber_takes_does_not_count_as_silence()
    {
        var ends = new List<string>();
        _clock.Cold("B 30ms a 9m", _events)
            .TimeoutOnceBookmarked(TimeSpan.FromMilliseconds(20), scheduler: _clock)
            .Subscribe(e => _clock.Sleep(15 * TimeSpan.TicksPerMillisecond), e => ends.Add($"{e.GetType().Name} at {_clock.Frame()}"));
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        Assert.Equal(["WatchSilentException at 66"], ends);
    }

    [Fact]
    public void A_timer_that_is_due_while_a_subscriber_is_busy_neither_waits_for_it_nor_cuts_the_watch()
    {
        var grammar = new GrammarLog();
        IObserver<WatchEvent<string>> watch = null!;
        var ends = new List<string>();
        var isFree = false;
        using var subscription = Observable.Create<WatchEvent<string>>(
                observer =>
                {
                    watch = observer;
                    return Disposable.Empty;
                })
            .TimeoutOnceBookmarked(TimeSpan.FromMilliseconds(10), armed: true, _clock).ValidateGrammar(grammar)
            .Subscribe(
                _ =>
                {
                    // The real time is a bound for the failure alone: a timer that waits for this subscriber never ends.
                    var timer = new Thread(() => _clock.AdvanceTo(TimeSpan.FromMilliseconds(15))) { IsBackground = true };
                    timer.Start();
                    isFree = timer.Join(TimeSpan.FromSeconds(30));
                },
                e => ends.Add($"{e.GetType().Name} at {_clock.Frame()}"));

        watch.OnNext(_events['a']);

        Assert.True(isFree, "the timer waited for the subscriber");
        Assert.Empty(ends);

        _clock.AdvanceTo(TimeSpan.FromMinutes(1));
        watch.OnNext(_events['a']);

        Assert.Equal(["WatchSilentException at 25"], ends);
        grammar.ToHaveNoViolations();
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => ((IObservable<WatchEvent<string>>)null!).TimeoutOnceBookmarked(TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Observable.Never<WatchEvent<string>>().TimeoutOnceBookmarked(TimeSpan.Zero));
    }
}
