using System.Reactive;

namespace Rx.Kube.Testing;

/// <summary>Represents a value at a virtual time. Two timed values are equal if their times and values are equal.</summary>
/// <typeparam name="T">The type of the value, normally a notification.</typeparam>
/// <param name="Time">The time in ticks of 100 ns.</param>
/// <param name="Value">The value, such as a notification.</param>
public readonly record struct Timed<T>(long Time, T Value)
{
    /// <summary>Gets the frame of a marble diagram that the time falls into: whole milliseconds.</summary>
    public long Frame => VirtualTime.FrameOf(Time);

    /// <summary>Returns the value and its time in ticks.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Value}@{Time}";
}

/// <summary>Creates timed notifications and subscriptions; meant for <c>using static</c>. Times are ticks of 100 ns.</summary>
public static class Timed
{
    /// <summary>Creates a value at a time.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="ticks">The time.</param>
    /// <param name="value">The value.</param>
    /// <returns>The notification.</returns>
    public static Timed<Notification<T>> OnNext<T>(long ticks, T value) => new(ticks, Notification.CreateOnNext(value));

    /// <summary>Creates the completion of a stream at a time.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="ticks">The time.</param>
    /// <returns>The notification.</returns>
    public static Timed<Notification<T>> OnCompleted<T>(long ticks) => new(ticks, Notification.CreateOnCompleted<T>());

    /// <summary>Creates the failure of a stream at a time.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="ticks">The time.</param>
    /// <param name="exception">The error.</param>
    /// <returns>The notification.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Timed<Notification<T>> OnError<T>(long ticks, Exception exception) =>
        new(ticks, Notification.CreateOnError<T>(exception));

    /// <summary>Creates a subscription that has not ended.</summary>
    /// <param name="start">The time of its start.</param>
    /// <returns>The subscription.</returns>
    public static SubscriptionSpan Subscribe(long start) => new(start);

    /// <summary>Creates a subscription that has ended.</summary>
    /// <param name="start">The time of its start.</param>
    /// <param name="end">The time of its end.</param>
    /// <returns>The subscription.</returns>
    public static SubscriptionSpan Subscribe(long start, long end) => new(start, end);
}
