using System.Reactive;
using Microsoft.Reactive.Testing;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.OnTestScheduler;

// <conversions>
internal static class Conversions
{
    public static Timed<Notification<T>>[] ToTimed<T>(this IEnumerable<Recorded<Notification<T>>> messages) =>
        [.. messages.Select(m => new Timed<Notification<T>>(m.Time, m.Value))];

    public static Recorded<Notification<T>>[] ToRecorded<T>(this IEnumerable<Timed<Notification<T>>> messages) =>
        [.. messages.Select(m => new Recorded<Notification<T>>(m.Time, m.Value))];

    public static SubscriptionSpan[] ToSpans(this IEnumerable<Subscription> subscriptions) =>
        [.. subscriptions.Select(s => new SubscriptionSpan(s.Subscribe, s.Unsubscribe))];

    public static Subscription[] ToSubscriptions(this IEnumerable<SubscriptionSpan> spans) =>
        [.. spans.Select(s => new Subscription(s.Subscribe, s.Unsubscribe))];
}
// </conversions>
