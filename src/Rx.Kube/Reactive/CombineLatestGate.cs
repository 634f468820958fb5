using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Pairs the latest values of two sources, as Rx's CombineLatest does, but holds no lock while it calls the observer: the observer may wait
/// for any thread. While it is busy the latest pair waits for it, and the pairs before that one are skipped.
/// </summary>
internal sealed class CombineLatestGate<TFirst, TSecond>
{
    private readonly Lock _gate = new();
    private readonly LatestValueGate<(TFirst, TSecond)> _output;
    private readonly Side<TFirst> _first;
    private readonly Side<TSecond> _second;

    private CombineLatestGate(IObserver<(TFirst, TSecond)> observer) =>
        (_output, _first, _second) = (new LatestValueGate<(TFirst, TSecond)>(observer), new Side<TFirst>(this), new Side<TSecond>(this));

    /// <summary>
    /// Pairs two sources. Completes when both have; if one completes without a value, with the next value or the end of the other one.
    /// </summary>
    public static IObservable<(TFirst First, TSecond Second)> Create(IObservable<TFirst> first, IObservable<TSecond> second) =>
        Observable.Create<(TFirst, TSecond)>(observer => new CombineLatestGate<TFirst, TSecond>(observer).Connect(first, second));

    private ICancelable Connect(IObservable<TFirst> first, IObservable<TSecond> second)
    {
        _first.Subscription.Disposable = first.SubscribeSafe(_first);
        _second.Subscription.Disposable = second.SubscribeSafe(_second);
        return StableCompositeDisposable.Create(_first.Subscription, _second.Subscription);
    }

    // Under the gate, after a side has changed.
    private void Update()
    {
        if (_first.HasValue && _second.HasValue)
        {
            _output.Put((_first.Latest!, _second.Latest!));
        }
        else if (_first.IsEmpty || _second.IsEmpty)
        {
            _output.End();
        }
    }

    private sealed class Side<T>(CombineLatestGate<TFirst, TSecond> owner) : IObserver<T>
    {
        public SingleAssignmentDisposable Subscription { get; } = new();

        public T? Latest { get; private set; }

        public bool HasValue { get; private set; }

        public bool IsCompleted { get; private set; }

        public bool IsEmpty => IsCompleted && !HasValue;

        public void OnNext(T value)
        {
            lock (owner._gate)
            {
                (Latest, HasValue) = (value, true);
                owner.Update();
            }

            owner._output.Run();
        }

        public void OnError(Exception error)
        {
            owner._output.End(error);
            owner._output.Run();
        }

        public void OnCompleted()
        {
            lock (owner._gate)
            {
                IsCompleted = true;
                if (owner._first.IsCompleted && owner._second.IsCompleted)
                {
                    owner._output.End();
                }
            }

            Subscription.Dispose();
            owner._output.Run();
        }
    }
}
