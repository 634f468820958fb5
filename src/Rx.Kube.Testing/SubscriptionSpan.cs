namespace Rx.Kube.Testing;

/// <summary>Represents the time from a subscription to its end. Two spans are equal if both times are equal.</summary>
/// <param name="Subscribe">The time of the subscription, in ticks of 100 ns.</param>
/// <param name="Unsubscribe">
/// The time at which the stream ended or the subscription was disposed, in ticks; <see cref="Infinite"/> while neither has happened.
/// </param>
public readonly record struct SubscriptionSpan(long Subscribe, long Unsubscribe = SubscriptionSpan.Infinite)
{
    /// <summary>The value of <see cref="Unsubscribe"/> for a subscription that has not ended.</summary>
    public const long Infinite = long.MaxValue;

    /// <summary>Returns both times in ticks.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Unsubscribe == Infinite ? $"({Subscribe}, ∞)" : $"({Subscribe}, {Unsubscribe})";
}
