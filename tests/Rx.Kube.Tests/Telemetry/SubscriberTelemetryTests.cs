using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Telemetry;

/// <summary>The instruments about subscribers. Alone, because instruments are shared by the whole process.</summary>
[Collection(ProcessWide.Collection)]
public sealed class SubscriberTelemetryTests : IDisposable
{
    private readonly Subject<int> _source = new();
    private readonly Dictionary<string, long> _sums = [];
    private readonly List<string> _errorTypes = [];

    public void Dispose() => _source.Dispose();

    [Fact]
    public void Subscribers_of_shared_streams_are_counted_until_they_leave_throw_or_end()
    {
        var shared = _source.ShareLatest();
        var baseline = Subscribers();
        using var one = shared.Subscribe(_ => { });
        var two = shared.Subscribe(_ => { });
        using var throwing = shared.Subscribe(value => _ = value == 2 ? throw new InvalidOperationException() : value);
        Assert.Equal(3, Subscribers() - baseline);
        two.Dispose();
        two.Dispose();
        Assert.Equal(2, Subscribers() - baseline);
        _source.OnNext(2);
        Assert.Equal(1, Subscribers() - baseline);
        _source.OnCompleted();
        Assert.Equal(0, Subscribers() - baseline);
    }

    [Fact]
    public async Task Superseded_values_are_counted_for_shared_streams_observers_and_enumerations()
    {
        using var meter = Listen();
        using var reentrant = _source.ShareLatest().Subscribe(value =>
        {
            if (value == 1)
            {
                _source.OnNext(2);
                _source.OnNext(3);
                _source.OnNext(4); // 2 and 3 are superseded.
            }
        });
        _source.OnNext(1);
        Assert.Equal(2, Sum("rxkube.snapshots.conflated"));

        await using var values = _source.ToLatestAsyncEnumerable().GetAsyncEnumerator();
        var first = values.MoveNextAsync();
        _source.OnNext(5);
        Assert.True(await first);
        _source.OnNext(6);
        _source.OnNext(7);
        Assert.Equal(3, Sum("rxkube.snapshots.conflated"));
    }

    [Fact]
    public void The_exception_of_a_subscriber_is_counted_by_its_type_and_recorded_on_an_activity()
    {
        using var meter = Listen();
        var activities = new List<Activity>();
        using var tracing = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Kube",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Add,
        };
        ActivitySource.AddActivityListener(tracing);
        using var throwing = _source.ShareLatest().Subscribe(_ => throw new FormatException("mine"));
        _source.OnNext(1);

        Assert.Equal(1, Sum("rxkube.subscriber.faults"));
        Assert.Equal(["System.FormatException"], _errorTypes);
        var activity = Assert.Single(activities);
        Assert.Equal((ActivityStatusCode.Error, "mine"), (activity.Status, activity.StatusDescription));
        var recorded = Assert.Single(activity.Events);
        Assert.Equal("exception", recorded.Name);
        Assert.Contains(recorded.Tags, tag => tag is { Key: "exception.message", Value: "mine" });
    }

    [Fact]
    public void A_report_without_listeners_allocates_nothing()
    {
        var error = new FormatException();
        SubscriberFaults.Report(error);
        SubscriberTelemetry.Conflated(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        SubscriberFaults.Report(error);
        SubscriberTelemetry.Conflated(1);
        SubscriberTelemetry.AddSubscribers(1);
        SubscriberTelemetry.AddSubscribers(-1);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private long Subscribers()
    {
        using var listener = Listen();
        _sums.Clear();
        listener.RecordObservableInstruments();
        return Sum("rxkube.subscribers");
    }

    private long Sum(string instrument) => _sums.GetValueOrDefault(instrument);

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Rx.Kube")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            _sums[instrument.Name] = Sum(instrument.Name) + value;
            foreach (var tag in tags)
            {
                _errorTypes.Add($"{tag.Value}");
            }
        });
        listener.Start();
        return listener;
    }
}
