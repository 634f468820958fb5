using System.Reactive.Disposables;

namespace Rx.Kube.Testing.Tests;

/// <summary>An observable without safeguards, whose observer a test calls on its own thread.</summary>
internal sealed class RawSource<T>(Func<IObserver<T>, IDisposable>? subscribe = null) : IObservable<T>
{
    public IObserver<T> Observer { get; private set; } = null!;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        Observer = observer;
        return subscribe is null ? Disposable.Empty : subscribe(observer);
    }
}
