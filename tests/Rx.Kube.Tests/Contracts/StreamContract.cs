using System.Reactive;
using Rx.Kube.Testing;
using Rx.Kube.Testing.Tests;

namespace Rx.Kube.Tests.Contracts;

/// <summary>
/// The laws of every cold stream, one test each. A derived class says how its stream is made and what each source results in, and inherits
/// all of them; <see cref="OperatorContract{TSource, TResult}"/> is the short form for what takes an IObservable.
/// Every run is in virtual time, on each of the <see cref="Clocks"/>, and passes the grammar validator.
/// </summary>
/// <typeparam name="T">The values of the stream.</typeparam>
public abstract class StreamContract<T>
{
    /// <summary>The frame at which a run is over, and what has not ended is disposed.</summary>
    protected const long End = 60_000;

    private string _clock = nameof(VirtualClock);

    /// <summary>Sources, and what they result in when subscribed to at frame 0; one must have several events in one frame.</summary>
    protected abstract IReadOnlyList<(string Source, string Result)> Examples { get; }

    /// <summary>Calls with bad arguments: each must throw at the call, not on subscription.</summary>
    protected abstract IEnumerable<Func<object>> BadCalls { get; }

    /// <summary>The names of the clocks of each run.</summary>
    protected virtual IReadOnlyList<string> RunsOn => Clocks.Names;

    /// <summary>The errors the diagrams name; null if a plain <c>#</c> is any error.</summary>
    protected virtual MarbleErrors? Errors => null;

    [Fact]
    public void Bad_arguments_are_refused_at_the_call() =>
        Assert.All(BadCalls, call => Assert.ThrowsAny<ArgumentException>(call));

    [Fact]
    public void Each_source_leads_to_what_is_drawn() => Each(Examples, e => e.Source, e => Check(e.Source, e.Result));

    [Fact]
    public void Several_events_in_one_frame_are_among_the_examples() =>
        Assert.Contains(Examples, e => Messages(e.Result).GroupBy(m => m.Frame).Any(g => g.Count() > 1));

    [Fact]
    public void Nothing_happens_before_a_subscription() => Each(Examples, e => e.Source, e =>
    {
        var run = Run(e.Source);
        run.LeavesNothing(0, 0, End);

        Assert.Empty(run.Subscriptions);
    });

    [Fact]
    public void Disposed_in_any_frame_it_is_silent_and_unsubscribes() => Each(
        Examples.SelectMany(e => Cuts(e.Result).Select(cut => (e.Source, e.Result, Cut: cut))),
        e => $"{e.Source}, disposed at {e.Cut} ms",
        e =>
        {
            var run = Run(e.Source);
            var seen = run.Subscribe(0, e.Cut);
            run.LeavesNothing(0, e.Cut, End);

            seen.ToHaveMessages(Before(e.Cut, e.Result), c => c, Errors);
        });

    [Fact]
    public void Disposed_inside_OnNext_it_is_silent_and_unsubscribes() => Each(
        EachValue(), e => $"{e.Source}, disposed in value {e.Number + 1}", e =>
        {
            var run = Run(e.Source);
            var seen = run.Subscribe(0, onNext: (number, subscription) =>
            {
                if (number == e.Number)
                {
                    subscription.Dispose();
                }
            });
            run.LeavesNothing(0, e.Frame, End);

            Assert.Equal(e.Number + 1, seen.Messages.Count);
        });

    [Fact]
    public void An_exception_in_OnNext_reaches_the_caller_of_the_clock_and_ends_the_subscription() => Each(
        EachValue(), e => $"{e.Source}, thrown in value {e.Number + 1}", e =>
        {
            var mine = new SubscriberException();
            var run = Run(e.Source);
            var seen = run.Subscribe(0, onNext: (number, _) =>
            {
                if (number == e.Number)
                {
                    throw mine;
                }
            });

            Assert.Same(mine, Record.Exception(() => run.To(e.Frame)));
            run.LeavesNothing(0, e.Frame, End);

            Assert.Equal(e.Number + 1, seen.Messages.Count);
        });

    [Fact]
    public void A_second_subscription_starts_from_nothing() => Each(Examples, e => e.Source, e =>
    {
        var run = Run(e.Source);
        var first = run.Subscribe(0, End);
        var second = run.Subscribe(End, 2 * End);
        run.LeavesNothing(0, 2 * End, 2 * End);

        first.ToHaveMessages(e.Result, c => c, Errors);
        second.ToHaveMessages($"{End}ms {e.Result}", c => c, Errors);
    });

    /// <summary>
    /// Makes the stream. What it subscribes to is behind the validator as well, as far as it can be; a script that is used up must be there
    /// twice.
    /// </summary>
    protected abstract ContractStream<T> Make(string source, TestClock clock, GrammarLog grammar);

    /// <summary>The character of a value in the diagrams.</summary>
    protected abstract char Key(T value);

    protected static SubscriptionSpan Asked(long frame, long? end) => new(
        frame * VirtualTime.TicksPerFrame, end is { } known ? known * VirtualTime.TicksPerFrame : SubscriptionSpan.Infinite);

    /// <summary>Checks every case on each clock; a failure names the case and the clock.</summary>
    protected void Each<TCase>(IEnumerable<TCase> cases, Func<TCase, string> name, Action<TCase> check)
    {
        foreach (var clock in RunsOn)
        {
            _clock = clock;
            foreach (var each in cases)
            {
                try
                {
                    check(each);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"{name(each)}, on the {clock}: {e.Message}", e);
                }
            }
        }
    }

    protected void Check(string source, string result)
    {
        var run = Run(source);
        var seen = run.Subscribe(0, EndOf(result) is null ? End : null);
        run.LeavesNothing(0, EndOf(result) ?? End, End);

        seen.ToHaveMessages(result, c => c, Errors);
    }

    protected ContractRun<T> Run(string source) => Run((clock, grammar) => Make(source, clock, grammar));

    protected ContractRun<T> Run(Func<TestClock, GrammarLog, ContractStream<T>> make) => new(Clocks.New(_clock), make, Key);

    protected IReadOnlyList<Timed<Notification<char>>> Messages(string diagram) => MarbleDiagram.Cold(diagram, c => c, Errors);

    /// <summary>The frame of the end of a diagram; null if it has none.</summary>
    protected long? EndOf(string diagram) => Messages(diagram) is [.., { Value.Kind: not NotificationKind.OnNext } end] ? end.Frame : null;

    /// <summary>The part of a diagram before a frame.</summary>
    protected string Before(long frame, string diagram) =>
        Messages(diagram).All(m => m.Frame < frame) ? diagram : MarbleDiagram.Draw(Messages(diagram).Where(m => m.Frame < frame)).Diagram;

    private IEnumerable<Timed<Notification<char>>> Values(string diagram) =>
        Messages(diagram).Where(m => m.Value.Kind == NotificationKind.OnNext);

    private IEnumerable<(string Source, int Number, long Frame)> EachValue() =>
        Examples.SelectMany(e => Values(e.Result).Select((value, number) => (e.Source, number, value.Frame)));

    /// <summary>The first frames, and each frame of a message with the next one.</summary>
    private IEnumerable<long> Cuts(string diagram) =>
        Messages(diagram).SelectMany(m => (long[])[m.Frame, m.Frame + 1])
            .Concat(Enumerable.Range(0, 30).Select(f => (long)f)).Distinct().Order();

    private sealed class SubscriberException() : Exception("thrown by the subscriber");
}
