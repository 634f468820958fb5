using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Sharing;

/// <summary>A slow subscriber on a scheduler.</summary>
public sealed class ObserveLatestTests : IDisposable
{
    private readonly Subject<int> _source = new();
    private readonly VirtualClock _clock = new();
    private readonly List<string> _seen = [];

    public void Dispose() => _source.Dispose();

    [Fact]
    public void The_source_never_calls_the_subscriber_and_superseded_values_are_skipped()
    {
        using var subscription = Subscribe();
        _source.OnNext(1);
        _source.OnNext(2);
        Assert.Empty(_seen);
        _clock.AdvanceBy(1);
        _source.OnNext(3);
        _clock.AdvanceBy(1);

        Assert.Equal(["2", "3"], _seen);
    }

    [Fact]
    public void Completion_follows_the_waiting_value_and_an_error_drops_it()
    {
        using var completed = Subscribe();
        _source.OnNext(1);
        _source.OnCompleted();
        _clock.AdvanceBy(1);
        Assert.Equal(["1", "|"], _seen);

        _seen.Clear();
        using var failing = new Subject<int>();
        using var failed = failing.ObserveLatest(_clock).Subscribe(v => _seen.Add($"{v}"), e => _seen.Add(e.Message));
        failing.OnNext(1);
        failing.OnError(new TimeoutException("broken"));
        Assert.Empty(_seen);
        _clock.AdvanceBy(1);
        Assert.Equal(["broken"], _seen);
    }

    [Fact]
    public void Disposal_drops_the_waiting_value_and_cancels_the_scheduled_action()
    {
        var subscription = Subscribe();
        _source.OnNext(1);
        subscription.Dispose();

        Assert.True(_clock.IsIdle);
        Assert.False(_source.HasObservers);
        Assert.Empty(_seen);
    }

    [Fact]
    public void On_a_scheduler_that_runs_actions_at_once_a_subscriber_that_pushes_into_its_source_does_not_recurse()
    {
        const int Values = 100_000;
        var last = 0;
        using var subscription = _source.ObserveLatest(ImmediateScheduler.Instance).Subscribe(value =>
        {
            last = value;
            if (value < Values)
            {
                _source.OnNext(value + 1);
            }
        });
        _source.OnNext(1);

        Assert.Equal(Values, last);
    }

    private IDisposable Subscribe() =>
        _source.ObserveLatest(_clock).Subscribe(v => _seen.Add($"{v}"), e => _seen.Add(e.Message), () => _seen.Add("|"));
}
