using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.Watching.Telemetry;

/// <summary>What the Meter and the ActivitySource "Rx.Kube" report about a resumed stream.</summary>
public sealed class WatchTelemetryTests : IDisposable
{
    // Only the measurements of this test: the resource has a name of its own.
    private readonly string _plural = $"slices{Guid.NewGuid():N}";
    private readonly Dictionary<string, double> _measured = [];
    private readonly List<Activity> _activities = [];
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _listener;
    private readonly VirtualClock _clock = new();

    public WatchTelemetryTests()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Rx.Kube")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measure(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measure(instrument, value, tags));
        _meters.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Kube",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("rxkube.resource"), $"{_plural}.example.com"))
                {
                    _activities.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public void Events_are_counted_by_type_and_attempts_by_what_ended_them()
    {
        Play("30s", List("17", "ab", after: 250), Watch("b-c-B 2s #reset"), Watch("#refused"), Watch("x"));

        Assert.Equal(1, _measured["rxkube.watch.events listed"]);
        Assert.Equal(2, _measured["rxkube.watch.events added"]);
        Assert.Equal(1, _measured["rxkube.watch.events bookmark"]);
        Assert.Equal(1, _measured["rxkube.watch.attempts list complete"]);
        Assert.Equal(2, _measured["rxkube.watch.attempts watch broken"]);
        Assert.Equal(0.25, _measured["rxkube.watch.list.duration"], precision: 3);
    }

    [Fact]
    public void The_time_of_an_interruption_is_counted_and_the_freshness_and_the_age_of_the_evidence_can_be_read()
    {
        Play("4s", List("17", "a"), Watch("b 1999ms #reset"), Watch("#refused"), Watch("#refused"));
        Record();
        Assert.Equal(1, _measured["rxkube.watch.streams stale"]);
        Assert.Equal(4, _measured["rxkube.watch.evidence.age"], precision: 3);
        var soFar = _measured["rxkube.watch.stale.time"];
        Assert.InRange(soFar, 0.9, 1.3);

        _clock.AdvanceTo(TimeSpan.FromSeconds(4.2));
        _subscription!.Dispose();
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));
        Record();
        Assert.Equal(0.2, _measured["rxkube.watch.stale.time"] - soFar, precision: 3);
        Assert.DoesNotContain("rxkube.watch.streams stale", _measured.Keys);
    }

    [Fact]
    public void An_object_that_cannot_be_decoded_is_counted()
    {
        Play("1s", List("17", "a"), new ScriptedResponse(
            "s", new Dictionary<char, string>
            {
                ['s'] = Lines['b'].Replace("\"addressType\":\"IPv4\"", "\"addressType\":7", StringComparison.Ordinal),
            }));

        Assert.Equal(1, _measured["rxkube.watch.decode.errors"]);
        Assert.Equal(1, _measured["rxkube.watch.events skipped"]);
    }

    [Fact]
    public void The_lag_of_a_change_is_the_time_since_its_trigger()
    {
        var trigger = (_clock.Now + TimeSpan.FromMilliseconds(500)).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        Play("2s", List("17", "a"), new ScriptedResponse("1s s", new Dictionary<char, string>
        {
            ['s'] = Lines['b'].Replace(
                "\"metadata\":{",
                $"\"metadata\":{{\"annotations\":{{\"endpoints.kubernetes.io/last-change-trigger-time\":\"{trigger}\"}},",
                StringComparison.Ordinal),
        }));

        Assert.Equal(0.5, _measured["rxkube.watch.event.lag"], precision: 2);
    }

    [Fact]
    public void A_list_is_an_activity_with_its_end_and_a_watch_is_none()
    {
        Play("30s", Status(503, ""), List("17", "a"), Watch("b 2s #reset"), Watch("c"));
        _subscription!.Dispose();

        Assert.Equal(["rxkube.list server_error", "rxkube.list complete"], Activities);
        Assert.Equal(ActivityStatusCode.Error, _activities[0].Status);
        Assert.Empty(_parents);
    }

    [Fact]
    public void A_streaming_list_is_an_activity_until_its_initial_events_are_complete()
    {
        _streamingLists = true;
        Play("30s", Watch("b 1s #reset"), Watch("b-Z 5s m"));
        Assert.Equal(["rxkube.streaming_list broken", "rxkube.streaming_list complete"], Activities);

        _subscription!.Dispose();
        Assert.Equal(["rxkube.streaming_list broken", "rxkube.streaming_list complete"], Activities);
        Assert.Equal(1, _measured["rxkube.watch.attempts streaming_list unsubscribed"]);
        Assert.Empty(_parents);
    }

    [Fact]
    public void A_subscription_that_is_disposed_in_a_wait_has_no_request_that_ends()
    {
        Play("4s", List("17", "a"), Watch("b 2s #reset"), Watch("#refused"), Watch("#refused"));
        _subscription!.Dispose();

        Assert.DoesNotContain(_measured.Keys, k => k.EndsWith("unsubscribed", StringComparison.Ordinal));
    }

    [Fact]
    public void The_disposal_of_the_connection_is_an_end_of_its_own()
    {
        Play("5s", List("17", "a"), Watch("b"));
        _connection!.Dispose();

        Assert.Equal(1, _measured["rxkube.watch.attempts watch disposed"]);
    }

    [Fact]
    public void The_lists_of_audits_are_counted_apart()
    {
        _audits = TimeSpan.FromSeconds(4);
        Play("5s", List("17", "a"), Watch(""), Status(503, ""), List("17", "a"));

        Assert.Equal(1, _measured["rxkube.watch.attempts audit failed"]);
        Assert.Equal(1, _measured["rxkube.watch.attempts audit complete"]);
        Assert.Equal(1, _measured["rxkube.watch.attempts list complete"]);
    }

    private IEnumerable<string> Activities => _activities.Select(a => $"{a.OperationName} {a.GetTagItem("rxkube.end")}");

    private void Record()
    {
        _measured.Clear();
        _meters.RecordObservableInstruments();
    }

    private readonly List<Activity> _parents = [];
    private bool _streamingLists;
    private TimeSpan? _audits;
    private KubeConnection? _connection;
    private IDisposable? _subscription;

    private void Play(string until, params ScriptedResponse[] responses)
    {
        var http = new ScriptedHttp(_clock) { Responses = responses };
        var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        _connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = _clock });
        var kind = new ResourceKind<EndpointSlice>("example.com", "v1", _plural, () => ResourceKinds.EndpointSlices.CreateDecoder());
        _subscription = _connection.Resources(kind, new() { Namespace = "default" })
            .Resume(ResumeOptions.WithoutJitter with { StreamingLists = _streamingLists, AuditInterval = _audits }, _clock)
            .Subscribe(_ => _parents.AddRange(Activity.Current is { } current ? [current] : []));
        _clock.AdvanceTo(MarbleDiagram.Time(until + " |"));
    }

    private void Measure(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = instrument.Name;
        var isOurs = false;
        foreach (var (name, tag) in tags)
        {
            isOurs |= name == "rxkube.resource" && Equals(tag, $"{_plural}.example.com");
            text += name == "rxkube.resource" ? "" : $" {tag}";
        }

        if (isOurs)
        {
            _measured[text] = _measured.GetValueOrDefault(text) + value;
        }
    }
}
