using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Rx.Kube.Testing;
using Rx.Kube.Testing.Tests;

namespace Rx.Kube.Tests.Contracts;

/// <summary>One run of a stream in virtual time. Its observers are raw; the grammar validator stands between the stream and them.</summary>
public sealed class ContractRun<T>
{
    private readonly TestClock _clock;
    private readonly GrammarLog _grammar;
    private readonly ContractStream<T> _stream;
    private readonly Func<T, char> _key;

    public ContractRun(TestClock clock, Func<TestClock, GrammarLog, ContractStream<T>> make, Func<T, char> key)
    {
        (_clock, _grammar, _key) = (clock, new(clock), key);
        _stream = make(clock, _grammar);
    }

    /// <summary>
    /// The subscriptions to the source so far. A clock that runs what is due at once some ticks later is compared by frames.
    /// </summary>
    public IReadOnlyList<SubscriptionSpan> Subscriptions =>
        [.. _stream.Subscriptions().Select(s => new SubscriptionSpan(StartOfFrame(s.Subscribe), StartOfFrame(s.Unsubscribe)))];

    /// <summary>
    /// How much of a frame belongs to it: one tick of the virtual clock, all of it where what is due at once runs some ticks later.
    /// </summary>
    private long Width => _clock is VirtualClock ? 1 : VirtualTime.TicksPerFrame - 1;

    /// <summary>
    /// Plans a subscription, and its disposal if there is one; the observer is told the number of each value, and may dispose or throw.
    /// </summary>
    public ITestObserver<char> Subscribe(long from, long? to = null, Action<int, IDisposable>? onNext = null)
    {
        var seen = _clock.CreateObserver<char>();
        var subscription = new SingleAssignmentDisposable();
        var observer = new RawObserver(seen, _key, number => onNext?.Invoke(number, subscription));
        var validated = _stream.Result.ValidateGrammar(_grammar, "the stream");
        _clock.ScheduleAbsolute(Ticks(from), () => subscription.Disposable = validated.Subscribe(observer));
        if (to is { } disposal)
        {
            _clock.ScheduleAbsolute(Ticks(disposal), subscription.Dispose);
        }

        return seen;
    }

    /// <summary>Runs everything up to the end of a frame; what an observer throws comes out of here.</summary>
    public void To(long frame)
    {
        try
        {
            _clock.AdvanceTo(Ticks(frame) + Width); // AdvanceTo does nothing when the clock already stands there.
        }
        catch
        {
            _clock.Stop(); // A TestScheduler stays enabled after an exception, and would not advance again.
            throw;
        }
    }

    /// <summary>
    /// Runs the clock to the frame in which the last subscription ends, and checks that nothing outlives it: the source was subscribed
    /// to within these frames only, and no timer is left. Then runs on; the grammar must hold to the end.
    /// </summary>
    public void LeavesNothing(long from, long to, long end)
    {
        To(to);
        Assert.True(Clocks.IsIdle(_clock), $"a timer is left at {to} ms");
        var strays = Subscriptions.Where(s => s.Subscribe < Ticks(from) || s.Unsubscribe > Ticks(to)).ToList();
        Assert.True(
            strays.Count == 0, $"the source was subscribed to {string.Join(", ", strays)} (ticks), the stream from {from} to {to} ms");
        To(end);
        _grammar.ToHaveNoViolations();
    }

    private long StartOfFrame(long ticks) =>
        ticks == SubscriptionSpan.Infinite || _clock is VirtualClock ? ticks : Ticks(ticks / VirtualTime.TicksPerFrame);

    private static long Ticks(long frame) => frame * VirtualTime.TicksPerFrame;

    private sealed class RawObserver(IObserver<char> seen, Func<T, char> key, Action<int> onNext) : IObserver<T>
    {
        private int _count;

        public void OnNext(T value)
        {
            seen.OnNext(key(value));
            onNext(_count++);
        }

        public void OnError(Exception error) => seen.OnError(error);

        public void OnCompleted() => seen.OnCompleted();
    }
}
