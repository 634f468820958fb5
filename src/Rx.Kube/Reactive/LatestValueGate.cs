namespace Rx.Kube;

/// <summary>
/// Hands an observer what several threads have for it: one call at a time, and no lock is held meanwhile, so that it may wait for whom it likes.
/// While it is busy the latest value waits for it, and whoever is with it brings that too.
/// </summary>
internal sealed class LatestValueGate<T>(IObserver<T> observer)
{
    private readonly Lock _gate = new();
    private T? _value;
    private Exception? _error;
    private bool _hasValue;
    private bool _isOver;
    private bool _isBusy;

    /// <summary>Puts a value down for <see cref="Run"/>, in the place of one that still waits; after the end that one is the last.</summary>
    public void Put(T value)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                (_value, _hasValue) = (value, true);
            }
        }
    }

    /// <summary>Ends the stream: after the value that waits, or, with an error, in its place.</summary>
    public void End(Exception? error = null)
    {
        lock (_gate)
        {
            (_isOver, _error) = (true, error);
            _hasValue &= error is null;
        }
    }

    /// <summary>Brings the observer what waits, unless somebody is there already. To be called without any lock.</summary>
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
        lock (_gate)
        {
            return !_isBusy && (_isBusy = true);
        }
    }

    // Nobody comes after the end: then it stays busy for ever.
    private bool TryTake(out T? value)
    {
        lock (_gate)
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
