using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Rx.Kube;

/// <summary>
/// The instruments about subscribers. They call listeners, so no method except the counting of subscribers is called under a lock.
/// </summary>
internal static class SubscriberTelemetry
{
    /// <summary>Exceptions thrown by subscribers, by <c>error.type</c>.</summary>
    public const string FaultsName = "rxkube.subscriber.faults";

    /// <summary>Values that a busy subscriber did not receive, because a newer one replaced them.</summary>
    public const string ConflatedName = "rxkube.snapshots.conflated";

    /// <summary>Current subscribers of shared streams.</summary>
    public const string SubscribersName = "rxkube.subscribers";

    /// <summary>The name of the activity that records the exception of a subscriber.</summary>
    public const string FaultActivityName = "rxkube.subscriber.fault";

    private static readonly Counter<long> _faults = KubeTelemetry.Meter.CreateCounter<long>(
        FaultsName, "{exception}", "Exceptions thrown by subscribers of shared streams; each ended its own subscription.");

    private static readonly Counter<long> _conflated = KubeTelemetry.Meter.CreateCounter<long>(
        ConflatedName, "{snapshot}", "Snapshots that a busy subscriber did not receive, because a newer one replaced them.");

    private static long _subscribers;

    // Observable, so that a listener that is attached late sees the right number.
    static SubscriberTelemetry() => KubeTelemetry.Meter.CreateObservableUpDownCounter(
        SubscribersName, () => Volatile.Read(ref _subscribers), "{subscriber}", "Current subscribers of shared streams.");

    /// <summary>Counts subscribers that came (positive) or left (negative). Calls no listener.</summary>
    public static void AddSubscribers(int change) => Interlocked.Add(ref _subscribers, change);

    /// <summary>Counts values that were replaced before their subscriber received them.</summary>
    public static void Conflated(int count) => _conflated.Add(count);

    /// <summary>Counts the exception of a subscriber, and records it as an event of an activity.</summary>
    public static void Fault(Exception error)
    {
        _faults.Add(1, new KeyValuePair<string, object?>("error.type", error.GetType().FullName));
        using var activity = KubeTelemetry.Activities.StartActivity(FaultActivityName);
        activity?.AddException(error).SetStatus(ActivityStatusCode.Error, error.Message);
    }
}
