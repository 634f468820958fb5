using System.Reactive;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Contracts;

/// <summary>The laws of every operator on an IObservable: those of a stream, and how it treats its source.</summary>
/// <typeparam name="TSource">The values of the source.</typeparam>
/// <typeparam name="TResult">The values of the stream.</typeparam>
public abstract class OperatorContract<TSource, TResult> : StreamContract<TResult>
{
    protected override MarbleErrors? Errors => new TimeoutException("the source failed");

    protected override IEnumerable<Func<object>> BadCalls => [() => Apply(null!, new VirtualClock())];

    /// <summary>The results of a source that never emits, and of one that completes at once.</summary>
    protected virtual (string Never, string Empty) Quiet => ("", "|");

    [Fact]
    public void A_source_that_never_emits_leads_to_what_is_drawn() => Each([Quiet.Never], _ => "never", never => Check("", never));

    [Fact]
    public void An_empty_source_leads_to_what_is_drawn() => Each([Quiet.Empty], _ => "empty", empty => Check("|", empty));

    [Fact]
    public void An_error_passes_at_once_and_drops_buffered_values() => Each(
        Examples.SelectMany(e => Enumerable.Range(0, 30).Select(frame => (e.Source, e.Result, Frame: (long)frame)))
            .Where(e => e.Frame <= (EndOf(e.Source) ?? End) && e.Frame < (EndOf(e.Result) ?? End))
            .Where(e => Messages(e.Result).All(m => m.Frame != e.Frame)),
        e => $"{e.Source}, broken at {e.Frame} ms",
        e => Check(Broken(e.Source, e.Frame), Broken(e.Result, e.Frame)));

    [Fact]
    public void The_source_is_subscribed_to_once_and_until_its_end() => Each(Examples, e => e.Source, e =>
    {
        var run = Run(e.Source);
        run.Subscribe(0, End);
        run.To(End);

        var end = new[] { EndOf(e.Source), EndOf(e.Result), End }.Min()!.Value;
        run.Subscriptions.AssertEqual(Asked(0, end));
    });

    [Fact]
    public void Concurrent_subscriptions_share_nothing() => Each(Examples, e => e.Source, e =>
    {
        var run = Run(e.Source);
        var first = run.Subscribe(0, End);
        var second = run.Subscribe(1, End + 1);
        run.LeavesNothing(0, End + 1, 2 * End);

        first.ToHaveMessages(e.Result, c => c, Errors);
        second.ToHaveMessages($"1ms {e.Result}", c => c, Errors);
    });

    [Fact]
    public void A_source_that_throws_in_Subscribe_becomes_the_error()
    {
        var mine = new UserException();
        Each([mine], _ => "a source that throws", error =>
        {
            var run = Run((clock, _) => new(Apply(new Refusing(error), clock), () => []));
            var seen = run.Subscribe(0);
            run.LeavesNothing(0, 0, End);

            Assert.Same(error, seen.Messages[^1].Value.Exception);
        });
    }

    [Fact]
    public void An_exception_of_user_code_becomes_the_error()
    {
        var mine = new UserException();
        Each(Throwing(mine), e => $"{e.Source}, with a delegate that throws", e =>
        {
            var run = Run((clock, grammar) => On(e.Source, clock, grammar, e.Apply));
            var seen = run.Subscribe(0);
            run.LeavesNothing(0, EndOf(e.Result)!.Value, End);

            seen.ToHaveMessages(e.Result, c => c, mine);
        });
    }

    /// <summary>The operator.</summary>
    protected abstract IObservable<TResult> Apply(IObservable<TSource> source, TestClock clock);

    /// <summary>The value of a character in the diagrams of sources.</summary>
    protected abstract TSource Value(char key);

    /// <summary>For each delegate of the operator: a source, its result, and the operator with a delegate that throws.</summary>
    protected virtual IEnumerable<(string Source, string Result, Func<IObservable<TSource>, TestClock, IObservable<TResult>> Apply)>
        Throwing(Exception mine) => [];

    protected sealed override ContractStream<TResult> Make(string source, TestClock clock, GrammarLog grammar) =>
        On(source, clock, grammar, Apply);

    private ContractStream<TResult> On(
        string diagram, TestClock clock, GrammarLog grammar, Func<IObservable<TSource>, TestClock, IObservable<TResult>> apply)
    {
        var source = clock.Cold(diagram, Value, Errors);
        return new(apply(source.ValidateGrammar(grammar, "the source"), clock), () => source.Subscriptions);
    }

    private string Broken(string diagram, long frame) =>
        MarbleDiagram.Draw([
            .. Messages(diagram).Where(m => m.Frame < frame),
            new Timed<Notification<char>>(frame * VirtualTime.TicksPerFrame, Notification.CreateOnError<char>(new TimeoutException())),
        ]).Diagram;

    private sealed class UserException() : Exception("thrown by the user's delegate");

    private sealed class Refusing(Exception error) : IObservable<TSource>
    {
        public IDisposable Subscribe(IObserver<TSource> observer) => throw error;
    }
}
