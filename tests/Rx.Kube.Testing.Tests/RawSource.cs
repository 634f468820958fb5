using System.Reactive.Disposables;

namespace Rx.Kube.Testing.Tests;

/// <summary>An observable without any safeguard, which says whatever a test tells it to say, on the caller's thread.</summary>
internal sealed class RawSource<T>(Func<IObserver<T>, IDisposable>? subscribe = null) : IObservable<T>
{
    public IObserver<T> Observer { get; private set; } = null!;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        Observer = observer;
        return subscribe is null ? Disposable.Empty : subscribe(observer);
    }
}
