using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube.Testing.Tests;

/// <summary>A hot stream with raw observers that subscribe, unsubscribe and throw during an emission.</summary>
public sealed class HotGrammarTests
{
    private readonly VirtualClock _clock = new();
    private readonly GrammarLog _grammar;

    public HotGrammarTests() => _grammar = new(_clock);

    [Fact]
    public void An_observer_that_another_one_disposes_receives_nothing_more_in_that_frame()
    {
        var source = _clock.Hot("-(ab)-|");
        var hot = source.ValidateGrammar(_grammar);
        var second = new SingleAssignmentDisposable();
        var (one, two) = (new RawObserver<char>(_ => second.Dispose()), new RawObserver<char>());
        hot.Subscribe(one);
        second.Disposable = hot.Subscribe(two);

        _clock.Start();

        _grammar.ToHaveNoViolations();
        Assert.Equal(["a", "b", "|"], one.Heard);
        Assert.Empty(two.Heard);
        source.ToHaveSubscriptions("^-----!", "^!");
    }

    [Fact]
    public void An_observer_that_disposes_itself_receives_nothing_more_in_that_frame()
    {
        var source = _clock.Hot("-(ab)-|");
        var own = new SingleAssignmentDisposable();
        var observer = new RawObserver<char>(_ => own.Dispose());
        own.Disposable = source.ValidateGrammar(_grammar).Subscribe(observer);

        _clock.Start();

        _grammar.ToHaveNoViolations();
        Assert.Equal(["a"], observer.Heard);
        source.ToHaveSubscriptions("^!");
    }

    [Fact]
    public void An_observer_that_subscribes_during_an_emission_receives_the_next_ones()
    {
        var source = _clock.Hot("-(ab)-|");
        var late = new RawObserver<char>();
        var came = false;
        source.ValidateGrammar(_grammar).Subscribe(new RawObserver<char>(_ =>
        {
            if (!came)
            {
                came = true;
                source.ValidateGrammar(_grammar).Subscribe(late);
            }
        }));

        _clock.Start();

        _grammar.ToHaveNoViolations();
        Assert.Equal(["b", "|"], late.Heard);
        source.ToHaveSubscriptions("^-----!", "-^----!");
    }

    [Theory]
    [InlineData("-a-|", "|")]
    [InlineData("-a-#", "# ")]
    public void A_late_subscriber_receives_the_end_once(string diagram, string end)
    {
        var source = _clock.Hot(diagram);
        var late = new RawObserver<char>();
        _clock.ScheduleAbsolute(100_000, () => source.ValidateGrammar(_grammar).Subscribe(late).Dispose());

        _clock.Start();

        _grammar.ToHaveNoViolations();
        Assert.StartsWith(end, Assert.Single(late.Heard), StringComparison.Ordinal);
    }
}
