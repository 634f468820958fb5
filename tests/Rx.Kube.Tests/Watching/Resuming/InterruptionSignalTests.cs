using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// When a gap is reported. What the attempts say: ? a watch is requested, o it is open, l a list, a an event; it ended, and the next
/// follows at once (q), after 800 ms (f), a second (e) or two (w); x it was refused, and the next follows after 800 ms. What the subscriber
/// sees: i an interruption, R its end, l, a.
/// </summary>
public class InterruptionSignalTests
{
    private readonly VirtualClock _clock;
    private readonly WatchEvidence _evidence;

    public InterruptionSignalTests()
    {
        _clock = new VirtualClock();
        _evidence = new WatchEvidence(_clock);
    }

    [Theory]
    [InlineData("a short gap is not seen", "l?oa 2s q?oa", "l--a 2s ---a")]
    [InlineData("a gap of a second is reported, and ends with an event", "l?oa 2s q 1500ms ?oa", "l--a 2s 1s i 502ms [Ra]")]
    [InlineData("a failure alone is not seen", "l?oa 2s f 800ms ?oa", "l--a 2s 803ms a")]
    [InlineData("a failure is reported after a second", "l?oa 2s f 800ms ? 500ms oa", "l--a 2s 1s i 302ms [Ra]")]
    [InlineData("a refusal is reported at once", "l?oa 2s x 800ms ?oa", "l--a 2s i 801ms -[Ra]")]
    [InlineData("a refusal in a short gap is reported at once", "l?oa 2s q?x 800ms ?oa", "l--a 2s --i 801ms -[Ra]")]
    [InlineData("a long wait is reported at once", "l?oa 2s w 2s ?oa", "l--a 2s i 2001ms -[Ra]")]
    [InlineData("a wait to the end of the second is reported at once", "l?oa 2s e 1s ?oa", "l--a 2s i 1001ms -[Ra]")]
    [InlineData("a wait beyond the second after the first loss", "l?oa 2s q 200ms f 800ms ?oa", "l--a 2s 201ms i 801ms -[Ra]")]
    [InlineData("a wait within the second after the first loss", "l?oa 2s q 198ms f", "l--a 2s 1s i")]
    [InlineData("each further loss is reported", "l?oa 2s x 800ms ?f 1600ms ?q?oa", "l--a 2s i 801ms i 1601ms i--[Ra]")]
    [InlineData("a list ends a gap by itself", "l?oa 2s f 1500ms l?o", "l--a 2s 1s i 500ms l")]
    [InlineData("a list in a short gap is all that is seen", "l?oa 2s f 800ms l?o", "l--a 2s 801ms l")]
    [InlineData("after a list the second starts over", "l?oa 2s f 800ms lf 800ms ?oa", "l--a 2s 801ms l 803ms a")]
    [InlineData("an open watch proves itself in a second", "l?oa 2s x 800ms ?o 5s", "l--a 2s i 1801ms R")]
    [InlineData("a watch that opens and ends proves nothing", "l?oa 2s x 800ms ?of 1600ms ?oa", "l--a 2s i 802ms i 1601ms -[Ra]")]
    [InlineData("a watch that opens and ends within a gap keeps its start", "l?oa 2s q 500ms ?oq 5s", "l--a 2s 1s i")]
    [InlineData("a watch that opens and ends after the second", "l?oa 2s f 800ms ?o 300ms q?oa", "l--a 2s 1103ms i--[Ra]")]
    [InlineData("the first list is late", "f 800ms l?o", "801ms l")]
    [InlineData("the first list is later", "f 1500ms l?o", "1s i 500ms l")]
    [InlineData("an answer is late", "l? 29s oa", "l 29001ms -a")]
    [InlineData("an answer is too late", "l? 40s oa", "l 30s i 10001ms [Ra]")]
    [InlineData("no answer is said once", "l? 5m", "l 30s i")]
    [InlineData("the end", "l?oa|", "l--a|")]
    [InlineData("the end in a gap", "l?oaq-|", "l--a--|")]
    [InlineData("an error in a gap", "l?oax-#", "l--ai-#")]
    [InlineData("an error in a short gap", "l?oaf-#", "l--a--#")]
    public void A_gap_is_reported_when_it_lasts(string what, string attempts, string expected)
    {
        Assert.NotEmpty(what);
        _clock.Expect(Seen(_clock.Cold(attempts, Event)), "^ 10m !").ToBe(expected, c => c);
        Assert.True(_clock.IsIdle, "a timer is left");
    }

    [Fact]
    public void Outside_of_a_gap_no_timer_runs()
    {
        using var subscription = Seen(_clock.Cold("l?oa", Event)).Subscribe(_ => { });
        _clock.AdvanceTo(TimeSpan.FromMilliseconds(10));

        Assert.True(_clock.IsIdle, "a timer is left");
    }

    [Fact]
    public void Disposed_in_a_gap_it_says_nothing_more_and_leaves_no_timer()
    {
        _clock.Expect(Seen(_clock.Cold("l?oaq 5s", Event)), "^ 500ms !").ToBe("l--a", c => c);

        Assert.True(_clock.IsIdle, "a timer is left");
    }

    [Fact]
    public void Every_report_of_one_gap_has_the_time_at_which_the_server_was_last_heard()
    {
        var seen = new List<WatchInterruption>();
        using var subscription = Signal(_clock.Cold("l?oa 2s q 1s ?f 1s ?f 40s ?o", Event))
            .Subscribe(e => seen.AddRange(e is WatchEvent<string>.Interrupted i ? [i.Interruption] : []));
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        Assert.Equal(3, seen.Count);
        Assert.Single(seen.Select(i => i.Since).Distinct());
    }

    [Fact]
    public void A_watch_without_an_answer_names_a_proxy_that_buffers()
    {
        var seen = new List<WatchInterruption>();
        _evidence.Note();
        using var subscription = Signal(_clock.Cold("l 500ms ? 5m", Event))
            .Subscribe(e => seen.AddRange(e is WatchEvent<string>.Interrupted i ? [i.Interruption] : []));
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        var silent = Assert.Single(seen);
        Assert.Equal((InterruptionKind.Silent, TimeSpan.Zero), (silent.Kind, silent.RetryAfter));
        Assert.Equal(_evidence.LastReceived, silent.Since);
        Assert.Contains("a proxy may hold its answer back", silent.Message, StringComparison.Ordinal);
        Assert.Contains("To fix: ", silent.Message, StringComparison.Ordinal);
    }

    private IObservable<char> Seen(IObservable<WatchEvent<string>> attempts) => Signal(attempts).Select(Key);

    private IObservable<WatchEvent<string>> Signal(IObservable<WatchEvent<string>> attempts) =>
        InterruptionSignal<string>.Create(attempts, ResumeRules.Default, _evidence, _clock)
            .Where(e => e is not (WatchEvent<string>.Asked or WatchEvent<string>.Opened or WatchEvent<string>.Lost));

    private WatchEvent<string> Event(char key) => key switch
    {
        'l' => WatchEvents.Listed("17", "x"),
        '?' => new WatchEvent<string>.Asked(RequestKind.Watch),
        'o' => new WatchEvent<string>.Opened(),
        'q' => Lost(0),
        'f' => Lost(800),
        'e' => Lost(1_000),
        'w' => Lost(2_000),
        'x' => Lost(800, isRefusal: true),
        _ => WatchEvents.Added($"{key}", "18"),
    };

    private WatchEvent<string>.Lost Lost(int wait, bool isRefusal = false) => new(
        AttemptEnd.Closed,
        new(InterruptionKind.Unreachable, "lost", _clock.Now, _clock.Now, TimeSpan.FromMilliseconds(wait)),
        isRefusal);

    private static char Key(WatchEvent<string> e) => e switch
    {
        WatchEvent<string>.Listed => 'l',
        WatchEvent<string>.Interrupted => 'i',
        WatchEvent<string>.Resumed => 'R',
        WatchEvent<string>.Added => 'a',
        _ => '!',
    };
}
