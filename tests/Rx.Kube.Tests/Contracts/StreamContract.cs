using System.Reactive;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Contracts;

/// <summary>
/// The laws of every cold stream, one test for each. A derived class creates its stream, and gives sources with their results;
/// <see cref="OperatorContract{TSource, TResult}"/> is the short form for operators on an IObservable. Every run is in virtual time and
/// passes the grammar validator.
/// </summary>
/// <typeparam name="T">The values of the stream.</typeparam>
public abstract class StreamContract<T>
{
    /// <summary>The end of a run, in ms: a stream that has not ended is disposed then.</summary>
    protected const long End = 60_000;

    /// <summary>Sources, with the results of a subscription in frame 0; several events in one frame must be among them.</summary>
    protected abstract IReadOnlyList<(string Source, string Result)> Examples { get; }

    /// <summary>Calls with bad arguments: each must throw at the call, not on subscription.</summary>
    protected abstract IEnumerable<Func<object>> BadCalls { get; }

    /// <summary>The errors that the diagrams name; null if a plain <c>#</c> is any error.</summary>
    protected virtual MarbleErrors? Errors => null;

    [Fact]
    public void Bad_arguments_are_refused_at_the_call() =>
        Assert.All(BadCalls, call => Assert.ThrowsAny<ArgumentException>(call));

    [Fact]
    public void Each_source_gives_the_result_that_is_drawn() => Each(Examples, e => e.Source, e => Check(e.Source, e.Result));

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
    public void After_disposal_in_any_frame_it_is_silent_and_unsubscribed() => Each(
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
    public void After_disposal_inside_OnNext_it_is_silent_and_unsubscribed() => Each(
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
    public void An_exception_of_the_subscriber_reaches_the_caller_of_the_clock_and_ends_the_subscription() => Each(
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
    /// Creates the stream. Its source is behind the validator as well where possible; a script that is used up must be there twice.
    /// </summary>
    protected abstract ContractStream<T> Make(string source, VirtualClock clock, GrammarLog grammar);

    /// <summary>The character of a value in the diagrams.</summary>
    protected abstract char Key(T value);

    protected static Subscription Asked(long frame, long? end) => new(
        frame * VirtualTime.TicksPerFrame, end is { } known ? known * VirtualTime.TicksPerFrame : Subscription.Infinite);

    /// <summary>Checks every case, and names the one that fails.</summary>
    protected static void Each<TCase>(IEnumerable<TCase> cases, Func<TCase, string> name, Action<TCase> check)
    {
        foreach (var each in cases)
        {
            try
            {
                check(each);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{name(each)}: {e.Message}", e);
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

    protected ContractRun<T> Run(string source) => new((clock, grammar) => Make(source, clock, grammar), Key);

    protected IReadOnlyList<Recorded<Notification<char>>> Messages(string diagram) => MarbleDiagram.Cold(diagram, c => c, Errors);

    /// <summary>The frame of the end of a diagram; null if it has none.</summary>
    protected long? EndOf(string diagram) => Messages(diagram) is [.., { Value.Kind: not NotificationKind.OnNext } end] ? end.Frame : null;

    /// <summary>The part of a diagram before a frame.</summary>
    protected string Before(long frame, string diagram) =>
        Messages(diagram).All(m => m.Frame < frame) ? diagram : MarbleDiagram.Draw(Messages(diagram).Where(m => m.Frame < frame)).Diagram;

    private IEnumerable<Recorded<Notification<char>>> Values(string diagram) =>
        Messages(diagram).Where(m => m.Value.Kind == NotificationKind.OnNext);

    private IEnumerable<(string Source, int Number, long Frame)> EachValue() =>
        Examples.SelectMany(e => Values(e.Result).Select((value, number) => (e.Source, number, value.Frame)));

    /// <summary>The first frames, and each frame with an event, with the next one.</summary>
    private IEnumerable<long> Cuts(string diagram) =>
        Messages(diagram).SelectMany(m => (long[])[m.Frame, m.Frame + 1])
            .Concat(Enumerable.Range(0, 30).Select(f => (long)f)).Distinct().Order();

    private sealed class SubscriberException() : Exception("thrown by the subscriber");
}
