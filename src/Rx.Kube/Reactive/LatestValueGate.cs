namespace Rx.Kube;

/// <summary>
/// Passes the values of several threads to one observer: one call at a time, and no lock is held during a call, so that the observer may
/// wait for anything. While the observer is busy, only the latest value waits; the thread that is calling the observer delivers it next.
/// </summary>
/// <remarks>
/// <see cref="Put"/> and <see cref="End"/> only store, and may be called under a lock of the caller, which then decides the order.
/// <see cref="Run"/> calls the observer, and must be called without any lock.
/// </remarks>
internal sealed class LatestValueGate<T>(IObserver<T> observer)
{
    private readonly Lock _lock = new();
    private T? _value;
    private Exception? _error;
    private bool _hasValue;
    private bool _isOver;
    private bool _isBusy;

    /// <summary>Stores a value for <see cref="Run"/>; it replaces one that still waits. Does nothing after <see cref="End"/>.</summary>
    public void Put(T value)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
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
                _hasValue &= error is null;
            }
        }
    }

    /// <summary>Delivers what waits to the observer, unless another call is already delivering; then that call does it.</summary>
    public void Run()
    {
        if (!TryBegin())
        {
            return;
        }

        while (TryTake(out var value))
        {
            observer.OnNext(value!);
        }
    }

    private bool TryBegin()
    {
        lock (_lock)
        {
            return !_isBusy && (_isBusy = true);
        }
    }

    // After the end `_isBusy` stays set, so later calls do nothing. The same holds after an exception of the observer.
    private bool TryTake(out T? value)
    {
        lock (_lock)
        {
            (value, _value) = (_value, default);
            if (_hasValue)
            {
                _hasValue = false;
                return true;
            }

            if (!_isOver)
            {
                return _isBusy = false;
            }
        }

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
}
