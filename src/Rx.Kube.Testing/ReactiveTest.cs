using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>Short names for the records of a test; meant for <c>using static</c>. Times are ticks of 100 ns.</summary>
public static class ReactiveTest
{
    /// <summary>When <c>Start</c> makes the observable unless told otherwise.</summary>
    public const long Created = 100;

    /// <summary>When <c>Start</c> subscribes unless told otherwise.</summary>
    public const long Subscribed = 200;

    /// <summary>When <c>Start</c> disposes of the subscription unless told otherwise.</summary>
    public const long Disposed = 1000;

    /// <summary>A value at a time.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="ticks">When.</param>
    /// <param name="value">The value.</param>
    /// <returns>The record.</returns>
    public static Recorded<Notification<T>> OnNext<T>(long ticks, T value) => new(ticks, Notification.CreateOnNext(value));

    /// <summary>The end of a stream at a time.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="ticks">When.</param>
    /// <returns>The record.</returns>
    public static Recorded<Notification<T>> OnCompleted<T>(long ticks) => new(ticks, Notification.CreateOnCompleted<T>());

    /// <summary>The failure of a stream at a time.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="ticks">When.</param>
    /// <param name="exception">The error.</param>
    /// <returns>The record.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Recorded<Notification<T>> OnError<T>(long ticks, Exception exception) =>
        new(ticks, Notification.CreateOnError<T>(exception));

    /// <summary>A subscription that has not ended.</summary>
    /// <param name="start">When it began.</param>
    /// <returns>The record.</returns>
    public static Subscription Subscribe(long start) => new(start);

    /// <summary>A subscription.</summary>
    /// <param name="start">When it began.</param>
    /// <param name="end">When it ended.</param>
    /// <returns>The record.</returns>
    public static Subscription Subscribe(long start, long end) => new(start, end);
}
