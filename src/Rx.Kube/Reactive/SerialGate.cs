namespace Rx.Kube;

/// <summary>
/// Lets several threads call one observer: one call at a time, all values in order, and no lock is held during a call, so that the observer
/// may wait for any thread. A value that arrives during a call waits for the thread of that call, which delivers it next.
/// </summary>
/// <remarks>
/// The number of values that wait is bounded only by what the sources emit during one call. Where only the newest value matters use
/// <see cref="LatestValueGate{T}"/>.
/// </remarks>
internal sealed class SerialGate<T>(IObserver<T> observer) : IObserver<T>
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _waiting = [];
    private Action? _end;
    private bool _isBusy;

    /// <summary>Gets whether nothing waits and no call is delivering.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_isBusy && _waiting.Count == 0;
            }
        }
    }

    public void OnNext(T value)
    {
        Put(value);
        Run();
    }

    /// <summary>Stores a value for <see cref="Run"/>. It may be called under a lock of the caller, which then decides the order.</summary>
    public void Put(T value)
    {
        lock (_gate)
        {
            if (_end is null)
            {
                _waiting.Enqueue(value);
            }
        }
    }

    /// <summary>Delivers what waits, unless another call is already delivering; that call does it then. Call it without any lock.</summary>
    public void Run() => Deliver();

    public void OnError(Exception error) => End(() => observer.OnError(error), dropsWaiting: true);

    public void OnCompleted() => End(observer.OnCompleted, dropsWaiting: false);

    private void End(Action end, bool dropsWaiting)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return;
            }

            _end = end;
            if (dropsWaiting)
            {
                _waiting.Clear();
            }
        }

        Deliver();
    }

    private void Deliver()
    {
        lock (_gate)
        {
            if (_isBusy)
            {
                return;
            }

            _isBusy = true;
        }

        while (TryTake(out var value))
        {
            observer.OnNext(value!);
        }
    }

    // After the end _isBusy stays set, so later calls do nothing. It also stays set when the observer throws:
    // the subscription is over then.
    private bool TryTake(out T? value)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out value))
            {
                return true;
            }

            if (_end is null)
            {
                return _isBusy = false;
            }
        }

        _end();
        return false;
    }
}
