using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube.Testing.Tests;

/// <summary>A hot stream and raw observers that come, go and throw while it speaks.</summary>
public sealed class HotGrammarTests
{
    private readonly VirtualClock _clock = new();
    private readonly GrammarLog _grammar;

    public HotGrammarTests() => _grammar = new(_clock);

    [Fact]
    public void An_observer_that_is_disposed_of_by_another_one_hears_no_more_of_that_frame()
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
    public void An_observer_that_disposes_of_itself_hears_no_more_of_that_frame()
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
    public void An_observer_that_comes_while_another_one_is_told_hears_what_follows()
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
    public void Who_comes_after_the_end_is_told_of_it_once(string diagram, string end)
    {
        var source = _clock.Hot(diagram);
        var late = new RawObserver<char>();
        _clock.ScheduleAbsolute(100_000, () => source.ValidateGrammar(_grammar).Subscribe(late).Dispose());

        _clock.Start();

        _grammar.ToHaveNoViolations();
        Assert.StartsWith(end, Assert.Single(late.Heard), StringComparison.Ordinal);
    }
}
