using System.Reactive.Disposables;

namespace Rx.Kube.Testing.Tests;

/// <summary>
/// Calls that overlap on two threads. Events determine their order, not time: a call on another thread stays inside the observer until it
/// is released.
/// </summary>
public sealed class ValidateGrammarThreadsTests : IDisposable
{
    private readonly GrammarLog _log = new();
    private readonly RawSource<char> _source = new();
    private readonly RawObserver<char> _seen;
    private readonly IDisposable _subscription;
    private readonly ManualResetEventSlim _inside = new();
    private readonly ManualResetEventSlim _letGo = new();

    public ValidateGrammarThreadsTests()
    {
        _seen = new(c =>
        {
            if (c == 'a')
            {
                _inside.Set();
                _letGo.Wait();
            }
        });
        _subscription = _source.ValidateGrammar(_log, "it").Subscribe(_seen);
    }

    [Theory]
    [InlineData("OnNext(b)")]
    [InlineData("OnCompleted")]
    [InlineData("OnError(TimeoutException: late)")]
    public void Calls_that_overlap_on_two_threads_are_reported_with_both_threads(string call)
    {
        var other = SayA();

        var error = Assert.Throws<GrammarException>(() => Say(call));
        End(other);

        Assert.Equal(
            $"it: {call} began on thread {Environment.CurrentManagedThreadId} " +
            $"while OnNext(a) was still running on thread {other.ManagedThreadId}",
            error.Message);
        Assert.Equal(["a"], _seen.Heard);
        _source.Observer.OnNext('c');
        Assert.Equal(["a", "c"], _seen.Heard);
    }

    [Fact]
    public void On_another_thread_a_violation_is_only_recorded()
    {
        var holder = SayA();
        Exception? thrown = null;

        var other = new Thread(() => thrown = Record.Exception(() => Say("OnNext(b)")));
        other.Start();
        other.Join();
        End(holder);

        Assert.Null(thrown);
        Assert.Equal(["a"], _seen.Heard);
        var error = Assert.Throws<GrammarException>(_log.ToHaveNoViolations);
        Assert.Equal(
            $"it: OnNext(b) began on thread {other.ManagedThreadId} while OnNext(a) was still running on thread {holder.ManagedThreadId}",
            error.Message);
    }

    [Fact]
    public void A_call_that_runs_when_Dispose_returns_is_not_late_but_the_next_one_is()
    {
        var other = SayA();
        _subscription.Dispose();
        End(other);
        _log.ToHaveNoViolations();

        Assert.Equal(
            "it: OnNext(b) began after Dispose had returned", Assert.Throws<GrammarException>(() => Say("OnNext(b)")).Message);
    }

    [Fact]
    public void A_call_that_begins_while_Dispose_runs_is_not_late()
    {
        using var disposing = new ManualResetEventSlim();
        using var said = new ManualResetEventSlim();
        var source = new RawSource<char>(_ => Disposable.Create(() =>
        {
            disposing.Set();
            said.Wait();
        }));
        var subscription = source.ValidateGrammar(_log).Subscribe(_seen);
        var other = new Thread(subscription.Dispose) { IsBackground = true };
        other.Start();
        disposing.Wait();

        source.Observer.OnNext('b');
        said.Set();
        other.Join();

        _log.ToHaveNoViolations();
        Assert.Equal(["b"], _seen.Heard);
    }

    [Fact]
    public void Calls_on_two_threads_one_after_the_other_are_allowed()
    {
        var other = SayA();
        End(other);

        Say("OnNext(b)");

        _log.ToHaveNoViolations();
    }

    public void Dispose()
    {
        _inside.Dispose();
        _letGo.Dispose();
    }

    private Thread SayA()
    {
        var thread = new Thread(() => _source.Observer.OnNext('a')) { IsBackground = true };
        thread.Start();
        _inside.Wait();
        return thread;
    }

    private void End(Thread thread)
    {
        _letGo.Set();
        thread.Join();
    }

    private void Say(string call)
    {
        switch (call)
        {
            case "OnCompleted":
                _source.Observer.OnCompleted();
                break;
            case "OnNext(b)":
                _source.Observer.OnNext('b');
                break;
            default:
                _source.Observer.OnError(new TimeoutException("late"));
                break;
        }
    }
}
