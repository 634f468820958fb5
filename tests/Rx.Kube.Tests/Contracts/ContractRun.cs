using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Contracts;

/// <summary>
/// One run of a stream in virtual time. Its observers are raw, and the grammar validator stands between the stream and them.
/// </summary>
public sealed class ContractRun<T>
{
    private readonly VirtualClock _clock = new();
    private readonly GrammarLog _grammar;
    private readonly ContractStream<T> _stream;
    private readonly Func<T, char> _key;

    public ContractRun(Func<VirtualClock, GrammarLog, ContractStream<T>> make, Func<T, char> key)
    {
        (_grammar, _key) = (new(_clock), key);
        _stream = make(_clock, _grammar);
    }

    /// <summary>The subscriptions to the source so far.</summary>
    public IReadOnlyList<Subscription> Subscriptions => [.. _stream.Subscriptions()];

    /// <summary>
    /// Schedules a subscription, and its disposal if there is one; <paramref name="onNext"/> gets the number of each value, and may dispose
    /// or throw.
    /// </summary>
    public ITestableObserver<char> Subscribe(long from, long? to = null, Action<int, IDisposable>? onNext = null)
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

    /// <summary>Runs to the end of a frame; throws what an observer throws.</summary>
    public void To(long frame)
    {
        _clock.AdvanceTo(Ticks(frame) + 1); // AdvanceTo the current time would do nothing.
    }

    /// <summary>
    /// Runs the clock to the end of the last subscription, and checks that nothing outlives it: the source was subscribed to only within
    /// these frames, and no timer is left. Then runs on, and checks that the grammar is kept to the end.
    /// </summary>
    public void LeavesNothing(long from, long to, long end)
    {
        To(to);
        Assert.True(_clock.IsIdle, $"a timer is left at {to} ms");
        var strays = Subscriptions.Where(s => s.Subscribe < Ticks(from) || s.Unsubscribe > Ticks(to)).ToList();
        Assert.True(
            strays.Count == 0,
            $"the source was subscribed to {string.Join(", ", strays)} (ticks), the stream from {from} to {to} ms");
        To(end);
        _grammar.ToHaveNoViolations();
    }

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
