using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>An observer that records what it is given and when. It guards against nothing: it records as well what breaks the grammar of Rx.</summary>
/// <typeparam name="T">The values.</typeparam>
public interface ITestObserver<T> : IObserver<T>
{
    /// <summary>All it was given, in order; times are ticks of 100 ns.</summary>
    IReadOnlyList<Timed<Notification<T>>> Messages { get; }
}
