using System.Collections.Immutable;
using System.Globalization;
using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Measures events of a server that wants them to be expensive: their cost must not grow with what is held. The figures are per event.
/// </summary>
[MemoryDiagnoser]
public class HostileBenchmarks
{
    /// <summary>The number of events of one invocation.</summary>
    public const int Events = 100;

    private const string Address = "10.0.0.1";
    private Subject<WatchEvent<EndpointSlice>> _source = new();
    private IDisposable? _subscription;
    private ServiceTopology? _last;
    private RetainedObjects _held = new(WireLimits.Default);
    private ResourceKey[] _keys = [];
    private WatchEvent<EndpointSlice>[] _skipped = [];
    private WatchEvent<EndpointSlice>[] _contested = [];
    private WatchEvent<EndpointSlice>[] _ports = [];

    /// <summary>Gets or sets how many objects are skipped, and how many slices claim one address.</summary>
    [Params(1_000, 20_000)]
    public int Held { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _source = new Subject<WatchEvent<EndpointSlice>>();
        _subscription = _source.ToTopology(new ServiceName("default", "cache")).Subscribe(t => _last = t);
        _source.OnNext(WatchEvents.Listed("1", [.. Enumerable.Range(0, Held).Select(i => Claim(i, ready: true))]));
        for (var i = 0; i < Held; i++)
        {
            _source.OnNext(Skipped(i));
        }

        _skipped = [.. Enumerable.Range(0, Events).Select(Skipped)];
        _contested = [.. Enumerable.Range(0, Events).Select(i => WatchEvents.Modified(Claim(i % 2, ready: i % 4 < 2), "2"))];
        _ports = [.. Enumerable.Range(0, Events).Select(i => WatchEvents.Modified(ManyPorts(i), "2"))];
        _keys = [.. Enumerable.Range(0, Events).Select(i => new ResourceKey("default", Name(i)))];
        _held = new RetainedObjects(WireLimits.Default);
        for (var i = 0; i < Held; i++)
        {
            _held.Put(new ResourceKey("default", Name(i)), 300);
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _subscription?.Dispose();
        _source.Dispose();
    }

    /// <summary>An object that cannot be decoded, among many others.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public object? SkippedObject() => Play(_skipped);

    /// <summary>A slice of an address that many slices claim.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public object? ContestedAddress() => Play(_contested);

    /// <summary>A slice of 1,000 endpoints whose 20,000 ports change.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public object? ManyPortsOfManyEndpoints() => Play(_ports);

    /// <summary>The count of what is held, for an object that is known.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long Retained()
    {
        foreach (var key in _keys)
        {
            _held.Put(key, 300);
        }

        return _held.Bytes;
    }

    private ServiceTopology? Play(WatchEvent<EndpointSlice>[] events)
    {
        foreach (var next in events)
        {
            _source.OnNext(next);
        }

        return _last;
    }

    private static EndpointSlice Claim(int number, bool ready) => Slice.Of($"s{Name(number)}", "cache").WithPort(80, "http") with
    {
        Endpoints = [Pod($"p{Name(number)}", Address) with { Ready = ready }],
    };

    private static EndpointSlice ManyPorts(int number) => Slice.Of("many", "cache") with
    {
        Endpoints = [.. Enumerable.Range(0, 1_000).Select(i => Pod($"m{Name(i)}", $"10.1.{i / 250}.{i % 250}"))],
        Ports = ImmutableArray.CreateRange(Enumerable.Range(1, 20_000).Select(i => new EndpointPort("", i == 20_000 ? i + number : i))),
    };

    private static Endpoint Pod(string name, string address) =>
        new() { Addresses = [address], TargetRef = new TargetReference("Pod", "default", name, name) };

    private static WatchEvent<EndpointSlice> Skipped(int number) =>
        new WatchEvent<EndpointSlice>.Skipped(new SkippedObject("default", $"x{Name(number)}", "2", "broken"), "2");

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}
