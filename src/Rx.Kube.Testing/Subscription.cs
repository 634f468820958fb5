namespace Rx.Kube.Testing;

/// <summary>When an observable was subscribed to, and until when. Equality is by both times.</summary>
/// <param name="Subscribe">When it was subscribed to, in ticks of 100 ns.</param>
/// <param name="Unsubscribe">When it ended or was disposed of, in ticks; <see cref="Infinite"/> while neither has happened.</param>
public readonly record struct Subscription(long Subscribe, long Unsubscribe = Subscription.Infinite)
{
    /// <summary>The time that never comes.</summary>
    public const long Infinite = long.MaxValue;

    /// <summary>Both times in ticks.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Unsubscribe == Infinite ? $"({Subscribe}, ∞)" : $"({Subscribe}, {Unsubscribe})";
}
