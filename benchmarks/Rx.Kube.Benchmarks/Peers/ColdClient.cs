using System.Diagnostics;
using System.Globalization;
using k8s;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>What a client takes from its first request to its first complete state.</summary>
/// <param name="Milliseconds">The time.</param>
/// <param name="ProcessorMilliseconds">Processor time of all threads.</param>
/// <param name="AllocatedBytes">Allocated bytes.</param>
/// <param name="KeptBytes">What the managed heap has grown by, after a full collection.</param>
/// <param name="PeakBytes">What the resident memory has grown by at most.</param>
/// <param name="SteadyBytes">What the resident memory has grown by, after a full collection; zero if it is not known.</param>
internal sealed record ColdStart(
    double Milliseconds, double ProcessorMilliseconds, double AllocatedBytes, double KeptBytes, double PeakBytes, double SteadyBytes)
{
    /// <summary>Reads the line that a client of another process has printed.</summary>
    public static ColdStart Parse(string line) =>
        line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray() is
            [var time, var processor, var allocated, var kept, var peak, var steady]
            ? new(time / 1e6, processor / 1e6, allocated, kept, peak, steady)
            : throw new FormatException($"The client printed: {line}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Milliseconds * 1e6:0} {ProcessorMilliseconds * 1e6:0} {AllocatedBytes:0} {KeptBytes:0} {PeakBytes:0} {SteadyBytes:0}");
}

/// <summary>
/// Takes the list of a canned server into a client, in a fresh process, and prints its <see cref="ColdStart"/>:
/// <c>dotnet run -c Release -- cold CLIENT FOLDER</c>. It is started by <c>compare cold</c>. Linux only: memory is read from /proc.
/// </summary>
internal static class ColdClient
{
    /// <summary>The clients of this program.</summary>
    public static readonly IReadOnlyDictionary<string, Func<CannedList, int, object>> Clients =
        new Dictionary<string, Func<CannedList, int, object>>
        {
            ["pages"] = (list, endpoints) => Subscribe(list, endpoints, streams: false),
            ["streaming"] = (list, endpoints) => Subscribe(list, endpoints, streams: true),
            ["protobuf"] = (list, endpoints) => Subscribe(list, endpoints, streams: false, isProtobuf: true),
            ["kubernetesclient"] = (list, _) => ListAsync(list).GetAwaiter().GetResult(),
            ["reader"] = (list, _) => SystemTextJsonPeer.Limit(list.Page(0, 0)),
        };

    /// <summary>Runs one client.</summary>
    /// <param name="client">Its name.</param>
    /// <param name="folder">The folder of the list.</param>
    /// <param name="endpoints">The number of endpoints that make the state complete.</param>
    public static int Run(string client, string folder, string endpoints)
    {
        var list = CannedList.Read(folder);
        Console.WriteLine(Measure(() => Clients[client](list, int.Parse(endpoints, CultureInfo.InvariantCulture))));
        GC.KeepAlive(list);
        return 0;
    }

    /// <summary>Measures what an action takes to make a state, and what the state keeps.</summary>
    public static ColdStart Measure(Func<object> make)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5"); // the largest resident memory starts over
        var (kept, resident) = (GC.GetTotalMemory(forceFullCollection: true), Status("VmRSS:"));
        var (allocated, processor, start) =
            (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var state = make();
        var time = Stopwatch.GetElapsedTime(start);
        processor = Environment.CpuUsage.TotalTime - processor;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var peak = Status("VmHWM:") - resident;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        (kept, resident) = (GC.GetTotalMemory(forceFullCollection: true) - kept, Status("VmRSS:") - resident);
        GC.KeepAlive(state);
        return new(time.TotalMilliseconds, processor.TotalMilliseconds, allocated, kept, peak, resident);
    }

    private static (ServiceTopology, IDisposable) Subscribe(CannedList list, int endpoints, bool streams, bool isProtobuf = false)
    {
        var server = new CannedServer(list, isProtobuf ? "application/vnd.kubernetes.protobuf" : "application/json");
        var client = new HttpClient(server) { Timeout = Timeout.InfiniteTimeSpan };
        using var isComplete = new ManualResetEvent(false);
        ServiceTopology? complete = null;
        Exception? failure = null;
        var subscription = KubeConnection.From(client, CannedServer.Address, options: isProtobuf ? RxKubePath.AskForProtobuf() : null)
            .EndpointSlices(SliceWorkload.Namespace, service: SliceWorkload.Service)
            .Resume(new() { StreamingLists = streams })
            .ToTopology()
            .Subscribe(
                snapshot =>
                {
                    if (complete is null && snapshot.Endpoints.Count == endpoints)
                    {
                        complete = snapshot;
                        isComplete.Set();
                    }
                },
                error =>
                {
                    failure = error;
                    isComplete.Set();
                });
        return isComplete.WaitOne(TimeSpan.FromMinutes(1)) && complete is not null ? (complete, subscription)
            : throw new InvalidOperationException("There is no complete snapshot.", failure);
    }

    private static async Task<object> ListAsync(CannedList list)
    {
        var client = new Kubernetes(new KubernetesClientConfiguration { Host = CannedServer.Address.ToString() }, new CannedServer(list));
        var slices = await client.DiscoveryV1.ListNamespacedEndpointSliceAsync(
            SliceWorkload.Namespace, labelSelector: "kubernetes.io/service-name=" + SliceWorkload.Service);
        return slices.Items.ToDictionary(slice => slice.Metadata.Name);
    }

    private static long Status(string name) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10)
        .First();
}
