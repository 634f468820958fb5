using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;

namespace Rx.Kube;

/// <summary>
/// The newest value of a stream, for code that asks instead of subscribing: reading it costs one volatile read. Created by
/// <see cref="KubeObservable.ToCurrentValue"/>. Thread-safe.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
public sealed class CurrentValue<T> : IDisposable
    where T : class
{
    private readonly SingleAssignmentDisposable _subscription = new();
    private readonly Action<Exception>? _onError;
    private T? _value;

    internal CurrentValue(IObservable<T> source, Action<Exception>? onError)
    {
        _onError = onError;
        _subscription.Disposable = source.Subscribe(value => Volatile.Write(ref _value, value), Fail);
    }

    /// <summary>
    /// Gets the newest value; null before the first one: a stream over the network is empty at first. It stays after the stream has ended,
    /// and after <see cref="Dispose"/>.
    /// </summary>
    public T? Value => Volatile.Read(ref _value);

    /// <summary>Gets the newest value.</summary>
    /// <exception cref="InvalidOperationException">There is no value yet.</exception>
    public T Required => Value ?? throw new InvalidOperationException(
        "No value has arrived yet. To fix: wait for the first one, or use Value, which is null until then.");

    /// <summary>Ends the subscription.</summary>
    public void Dispose() => _subscription.Dispose();

    private void Fail(Exception error)
    {
        if (_onError is null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        _onError(error);
    }
}
