using System.Globalization;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>
/// Takes the list of a canned server into a snapshot, and prints its <see cref="ColdStart"/>. This part is also published as ReadyToRun
/// and as native code, by <c>benchmarks/Rx.Kube.ColdStart</c>.
/// </summary>
internal static class RxKubeCold
{
    /// <summary>The ways to read the list.</summary>
    public static readonly IReadOnlyDictionary<string, Func<CannedList, int, object>> Clients =
        new Dictionary<string, Func<CannedList, int, object>>
        {
            ["pages"] = (list, endpoints) => Subscribe(list, endpoints, streams: false),
            ["streaming"] = (list, endpoints) => Subscribe(list, endpoints, streams: true),
            ["protobuf"] = (list, endpoints) => Subscribe(list, endpoints, streams: false, WireFormat.Protobuf),
        };

    /// <summary>Runs one client.</summary>
    /// <param name="client">What it does.</param>
    /// <param name="folder">The folder of the list.</param>
    /// <param name="endpoints">The number of endpoints that make the state complete.</param>
    public static int Run(Func<CannedList, int, object> client, string folder, string endpoints)
    {
        var list = CannedList.Read(folder);
        Console.WriteLine(ColdStart.Measure(() => client(list, int.Parse(endpoints, CultureInfo.InvariantCulture))));
        GC.KeepAlive(list);
        return 0;
    }

    private static (ServiceTopology, IDisposable) Subscribe(
        CannedList list, int endpoints, bool streams, WireFormat format = WireFormat.Default)
    {
        var server = new CannedServer(
            list, format == WireFormat.Protobuf ? "application/vnd.kubernetes.protobuf" : "application/json");
        var client = new HttpClient(server) { Timeout = Timeout.InfiniteTimeSpan };
        using var isComplete = new ManualResetEvent(false);
        ServiceTopology? complete = null;
        Exception? failure = null;
        var subscription = KubeConnection.From(client, CannedServer.Address, options: new() { Format = format })
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
}
