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

    // The buckets of OpenTelemetry's conventions for seconds, and three more: the default ones are for milliseconds.
    private static readonly InstrumentAdvice<double> _seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120],
    };

    private static readonly Lock _lock = new();
    private static readonly HashSet<IWatchState> _streams = [];

    // By resource: a counter may not fall when a stream is disposed.
    private static readonly Dictionary<string, double> _staleBefore = [];

    static WatchInstruments()
    {
        KubeTelemetry.Meter.CreateObservableGauge(
            "rxkube.watch.evidence.age", EvidenceAges, "s",
            "The time since the server was last heard; of several streams of a resource, the longest such time.");
        KubeTelemetry.Meter.CreateObservableUpDownCounter(
            "rxkube.watch.streams", States, "{stream}", "Resumed streams, by freshness.");
        KubeTelemetry.Meter.CreateObservableCounter(
            "rxkube.watch.stale.time", StaleTimes, "s", "The time during which streams were interrupted, with interruptions that last.");
    }

    public static Counter<long> Events { get; } = KubeTelemetry.Meter.CreateCounter<long>(
        "rxkube.watch.events", "{event}", "Events received, by type.");

    public static Counter<long> Attempts { get; } = KubeTelemetry.Meter.CreateCounter<long>(
        "rxkube.watch.attempts", "{attempt}", "Lists and watches that ended, and lists of audits, by request and by what ended them.");

    public static Histogram<double> ListDuration { get; } = KubeTelemetry.Meter.CreateHistogram<double>(
        "rxkube.watch.list.duration", "s", "The time from the request of a list to its last object, if it was complete.",
        advice: _seconds);

    public static Counter<long> DecodeErrors { get; } = KubeTelemetry.Meter.CreateCounter<long>(
        "rxkube.watch.decode.errors", "{object}", "Objects that could not be decoded, in lists and events.");

    public static Histogram<double> EventLag { get; } = KubeTelemetry.Meter.CreateHistogram<double>(
        "rxkube.watch.event.lag", "s", "The time from the change that an event reports (last-change-trigger-time) to its arrival.",
        advice: _seconds);

    /// <summary>Counts the end of a request.</summary>
    public static void CountAttempt(string resource, string request, string end)
    {
        if (Attempts.Enabled)
        {
            Attempts.Add(1, new(Resource, resource), new(Request, request), new(End, end));
        }
    }

    public static void Add(IWatchState stream)
    {
        lock (_lock)
        {
            _streams.Add(stream);
        }
    }

    public static void Remove(IWatchState stream)
    {
        lock (_lock)
        {
            if (_streams.Remove(stream))
            {
                _staleBefore[stream.ResourceName] =
                    _staleBefore.GetValueOrDefault(stream.ResourceName) + stream.StaleTime.TotalSeconds;
            }
        }
    }

    private static IWatchState[] Streams()
    {
        lock (_lock)
        {
            return [.. _streams];
        }
    }

    private static List<Measurement<double>> StaleTimes()
    {
        lock (_lock)
        {
            var times = new Dictionary<string, double>(_staleBefore);
            foreach (var stream in _streams)
            {
                times[stream.ResourceName] = times.GetValueOrDefault(stream.ResourceName) + stream.StaleTime.TotalSeconds;
            }

            return [.. times.Select(t => new Measurement<double>(t.Value, new KeyValuePair<string, object?>(Resource, t.Key)))];
        }
    }

    private static IEnumerable<Measurement<double>> EvidenceAges() =>
        from stream in Streams()
        let age = stream.Evidence.Age
        where age is not null
        group age.Value.TotalSeconds by stream.ResourceName into ages
        select new Measurement<double>(ages.Max(), new KeyValuePair<string, object?>(Resource, ages.Key));

    private static IEnumerable<Measurement<long>> States() =>
        from stream in Streams()
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

    /// <summary>Gets how long the stream was interrupted, with an interruption that lasts.</summary>
    TimeSpan StaleTime { get; }

    /// <summary>Gets when the server was last heard.</summary>
    WatchEvidence Evidence { get; }
}
