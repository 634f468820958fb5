using System.Diagnostics.Metrics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Measures the overhead of Resume per event, with the watchdog armed by bookmarks: as it is, with what audits remember, and with a
/// MeterListener that receives each measurement. The figures are per event.
/// </summary>
[MemoryDiagnoser]
public class ResumeBenchmarks
{
    private const int Events = 100_000;
    private const int Objects = 1_000;
    private static readonly ResumeOptions _audited = new() { StreamingLists = false };
    private static readonly ResumeOptions _notAudited = _audited with { AuditInterval = null };
    private readonly CannedCollection _source = Create();

    [Benchmark(OperationsPerInvoke = Events, Baseline = true)]
    public int Bare() => Count(_source.Watch(new WatchOptions("17")));

    [Benchmark(OperationsPerInvoke = Events)]
    public int Resumed() => Count(_source.Resume(_notAudited));

    [Benchmark(OperationsPerInvoke = Events)]
    public int Audited() => Count(_source.Resume(_audited));

    [Benchmark(OperationsPerInvoke = Events)]
    public long Measured()
    {
        var measured = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Rx.Kube")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => measured += value);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        listener.Start();
        return Count(_source.Resume(_notAudited)) + measured;
    }

    private static int Count(IObservable<WatchEvent<EndpointSlice>> events)
    {
        var count = 0;
        using var subscription = events.Subscribe(_ => count++);
        return count > Events ? count : throw new InvalidOperationException($"only {count} events arrived");
    }

    // Each event has a version of its own, or Resume would drop it.
    private static CannedCollection Create()
    {
        static ObjectMeta Metadata(int number, string version) =>
            new() { Namespace = "default", Name = $"cache-{number}", Uid = $"uid-{number}", ResourceVersion = version };
        EndpointSlice[] slices = [.. Enumerable.Range(0, Objects).Select(i => new EndpointSlice { Metadata = Metadata(i, "10") })];
        var versions = Enumerable.Range(1_000, Events).Select(version => version.ToString(CultureInfo.InvariantCulture));
        return new(new([.. slices], "17"), [.. versions.Select((version, i) =>
            new WatchEvent<EndpointSlice>.Modified(slices[i % Objects] with { Metadata = Metadata(i % Objects, version) }, version))]);
    }
}
