namespace Rx.Kube;

/// <summary>
/// Passes the values of several threads to one observer: one call at a time, and no lock is held during a call, so that the observer may
/// wait for anything. While the observer is busy, only the latest value waits; the thread that is calling the observer delivers it next.
/// </summary>
/// <remarks>
/// <see cref="Put"/> and <see cref="End"/> only store, and may be called under a lock of the caller, which then decides the order.
/// <see cref="Run"/> calls the observer, and must be called without any lock. <see cref="ScheduledDelivery{T}"/> replaces it where the
/// observer is called on a scheduler.
/// </remarks>
internal sealed class LatestValueGate<T>(IObserver<T> observer)
{
    private readonly Lock _lock = new();
    private T? _value;
    private Exception? _error;
    private bool _hasValue;
    private bool _isOver;
    private bool _isBusy;
    private int _conflated;

    /// <summary>Stores a value for <see cref="Run"/>; it replaces one that still waits. Does nothing after <see cref="End"/>.</summary>
    public void Put(T value)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _conflated += _hasValue ? 1 : 0;
                (_value, _hasValue) = (value, true);
            }
        }
    }

    /// <summary>Ends the stream: after the waiting value or, with an error, in its place. The first call counts.</summary>
    public void End(Exception? error = null)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                (_isOver, _error) = (true, error);
                if (error is not null)
                {
                    (_value, _hasValue) = (default, false);
                }
            }
        }
    }

    /// <summary>Delivers what waits to the observer, unless another call is already delivering; then that call does it.</summary>
    public void Run()
    {
        if (TryBegin())
        {
            while (Step())
            {
            }
        }
    }

    /// <summary>
    /// Claims the delivery. If it returns true, something waits and no other call is delivering: the caller must call <see cref="Step"/>
    /// until it returns false.
    /// </summary>
    public bool TryBegin()
    {
        int conflated;
        bool begins;
        lock (_lock)
        {
            (conflated, _conflated) = (_conflated, 0);
            begins = !_isBusy && (_hasValue || _isOver);
            _isBusy |= begins;
        }

        // Here, because listeners are not called under a lock.
        if (conflated > 0)
        {
            SubscriberTelemetry.Conflated(conflated);
        }

        return begins;
    }

    /// <summary>Delivers the waiting value, or else the end. Returns whether more waits; if not, the claim is given up.</summary>
    public bool Step()
    {
        if (TryTake(out var value))
        {
            observer.OnNext(value!);
            return Continues();
        }

        // After the end `_isBusy` stays set, so later calls do nothing. The same holds after an exception of the observer.
        if (_error is null)
        {
            observer.OnCompleted();
        }
        else
        {
            observer.OnError(_error);
        }

        return false;
    }

    private bool TryTake(out T? value)
    {
        lock (_lock)
        {
            var hadValue = _hasValue;
            (value, _value, _hasValue) = (_value, default, false);
            return hadValue;
        }
    }

    private bool Continues()
    {
        lock (_lock)
        {
            return _isBusy = _hasValue || _isOver;
        }
    }
}
