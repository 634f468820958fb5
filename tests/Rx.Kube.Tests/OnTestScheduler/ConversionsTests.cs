using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.OnTestScheduler;

public sealed class ConversionsTests : ReactiveTest
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void What_a_TestScheduler_recorded_is_drawn_as_marbles()
    {
        var source = _scheduler.CreateColdObservable(
            OnNext(1 * Millisecond, 'a'), OnNext(3 * Millisecond, 'b'), OnCompleted<char>(4 * Millisecond));

        var seen = _scheduler.Start(() => source, disposed: 10 * Millisecond);

        Assert.Equal("-a-b|", seen.Messages.ToTimed().ToMarbles().Diagram);
    }

    [Fact]
    public void A_diagram_makes_an_observable_of_a_TestScheduler()
    {
        var source = _scheduler.CreateHotObservable(MarbleDiagram.Hot("-a-b|", c => c).ToRecorded());

        var seen = _scheduler.Start(() => source, disposed: 10 * Millisecond);

        seen.Messages.AssertEqual(OnNext(1 * Millisecond, 'a'), OnNext(3 * Millisecond, 'b'), OnCompleted<char>(4 * Millisecond));
    }

    [Fact]
    public void Messages_are_the_same_after_a_conversion_and_back()
    {
        var error = new TimeoutException();
        var recorded = new[] { OnNext(210, "a"), OnCompleted<string>(220), OnError<string>(230, error) };

        Assert.Equal([Timed.OnNext(210, "a"), Timed.OnCompleted<string>(220), Timed.OnError<string>(230, error)], recorded.ToTimed());
        Assert.Equal(recorded, recorded.ToTimed().ToRecorded());
    }

    [Fact]
    public void Subscriptions_are_the_same_after_a_conversion_and_back_whether_they_have_ended_or_not()
    {
        var subscriptions = new[] { Subscribe(200, 1000), Subscribe(300) };

        Assert.Equal([Timed.Subscribe(200, 1000), Timed.Subscribe(300)], subscriptions.ToSpans());
        Assert.Equal(subscriptions, subscriptions.ToSpans().ToSubscriptions());
    }
}
