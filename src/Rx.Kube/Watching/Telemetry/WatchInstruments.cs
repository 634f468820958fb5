using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Rx.Kube;

/// <summary>The instruments about watches. docs/telemetry.md has the table.</summary>
internal static class WatchInstruments
{
    /// <summary>The tag for the resource: <c>endpointslices.discovery.k8s.io</c>.</summary>
    public const string Resource = "rxkube.resource";

    /// <summary>The tag for the type of an event.</summary>
    public const string EventType = "rxkube.event.type";

    /// <summary>The tag for the request of an attempt: list, streaming_list or watch.</summary>
    public const string Request = "rxkube.request";

    /// <summary>The tag for what ended an attempt.</summary>
    public const string End = "rxkube.end";

    /// <summary>The tag for the freshness of a stream.</summary>
    public const string State = "rxkube.freshness";

    private static readonly ConcurrentDictionary<IWatchState, byte> _streams = new();

    static WatchInstruments()
    {
        KubeTelemetry.Meter.CreateObservableGauge(
            "rxkube.watch.evidence.age", EvidenceAges, "s",
            "The time since the server was last heard; of several streams of a resource, the longest such time.");
        KubeTelemetry.Meter.CreateObservableUpDownCounter(
            "rxkube.watch.streams", States, "{stream}", "Resumed streams, by freshness.");
    }

    public static Counter<long> Events { get; } = KubeTelemetry.Meter.CreateCounter<long>(
        "rxkube.watch.events", "{event}", "Events received, by type.");

    public static Counter<long> Attempts { get; } = KubeTelemetry.Meter.CreateCounter<long>(
        "rxkube.watch.attempts", "{attempt}", "Lists and watches that ended, by request and by what ended them.");

    public static Histogram<double> ListDuration { get; } = KubeTelemetry.Meter.CreateHistogram<double>(
        "rxkube.watch.list.duration", "s", "The time from the request of a complete list to its end.");

    public static Counter<double> StaleTime { get; } = KubeTelemetry.Meter.CreateCounter<double>(
        "rxkube.watch.stale.time", "s", "The time during which streams were interrupted, added when an interruption ends.");

    public static Counter<long> DecodeErrors { get; } = KubeTelemetry.Meter.CreateCounter<long>(
        "rxkube.watch.decode.errors", "{object}", "Objects that could not be decoded, in lists and events.");

    public static Histogram<double> EventLag { get; } = KubeTelemetry.Meter.CreateHistogram<double>(
        "rxkube.watch.event.lag", "s", "The time from the change that an event reports (last-change-trigger-time) to its arrival.");

    public static void Add(IWatchState stream) => _streams[stream] = 0;

    public static void Remove(IWatchState stream) => _streams.TryRemove(stream, out _);

    private static IEnumerable<Measurement<double>> EvidenceAges() =>
        from stream in _streams.Keys
        let age = stream.Evidence.Age
        where age is not null
        group age.Value.TotalSeconds by stream.ResourceName into ages
        select new Measurement<double>(ages.Max(), new KeyValuePair<string, object?>(Resource, ages.Key));

    private static IEnumerable<Measurement<long>> States() =>
        from stream in _streams.Keys
        group stream by (stream.ResourceName, stream.FreshnessName) into streams
        select new Measurement<long>(
            streams.Count(),
            new KeyValuePair<string, object?>(Resource, streams.Key.ResourceName),
            new KeyValuePair<string, object?>(State, streams.Key.FreshnessName));
}

/// <summary>A resumed stream, as observable instruments see it.</summary>
internal interface IWatchState
{
    /// <summary>Gets the resource.</summary>
    string ResourceName { get; }

    /// <summary>Gets <c>syncing</c>, <c>live</c> or <c>stale</c>.</summary>
    string FreshnessName { get; }

    /// <summary>Gets when the server was last heard.</summary>
    WatchEvidence Evidence { get; }
}
