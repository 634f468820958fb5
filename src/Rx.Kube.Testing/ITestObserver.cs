using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>An observer that records what it receives and when. It does not enforce the Rx grammar: it records violations too.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface ITestObserver<T> : IObserver<T>
{
    /// <summary>Gets everything it received, in order; times are ticks of 100 ns.</summary>
    IReadOnlyList<Timed<Notification<T>>> Messages { get; }
}
