using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// The whole path of an event, from the body of the response to what the application sees: processor time and allocated bytes, counted
/// from the first byte of the watch.
/// </summary>
internal static class WireComparison
{
    private const string Area = "wire";
    private static readonly Size[] Sizes =
    [
        new(200, 1, Repeats: 20, MaxMicroseconds: 2, MaxBytes: 1024),
        new(200, 10, Repeats: 10, MaxMicroseconds: null, MaxBytes: 1024),
        new(200, 100, Repeats: 1, MaxMicroseconds: 7.4, MaxBytes: 1024),
        new(200, 100, Repeats: 1, MaxMicroseconds: null, MaxBytes: null, SliceChange.Middle),
        new(20, 1000, Repeats: 1, MaxMicroseconds: 40, MaxBytes: 2048),
    ];

    // How many times less than a peer an event of W1 may cost; zero for no goal.
    private static readonly (string Peer, double Least)[] GoalsOnW1 =
    [
        ("JSON reader alone", 2.5), ("typed", 0), ("KubernetesClient", 12), ("KubernetesClient + dictionary", 50),
        ("client-go json", 30), ("client-go protobuf", 2),
    ];

    public static IEnumerable<ComparedRow> Rows(CompareOptions options) =>
        Sizes.Where(size => size.Change == SliceChange.OneEndpoint || options.Thoroughness != Thoroughness.Quick)
            .SelectMany(size => Rows(size, options))
            .Concat(StormComparison.Canned(options))
            .Concat(CompressionComparison.Rows(options))
            .Concat(HashComparison.Rows(options));

    private static IEnumerable<ComparedRow> Rows(Size size, CompareOptions options)
    {
        var workload = new SliceWorkload(
            options.Pick(dry: size.Slices / 20, quick: size.Slices / 2, full: size.Slices), size.Endpoints, size.Change,
            repeats: size.Repeats);
        using var files = new WorkloadFiles(workload);
        using var ours = new RxKubePath(workload);
        ours.Round();
        var large = LargeObjects.AllocatedBy(() => ours.Round());

        // The code is optimised once; later sizes only warm the data.
        var measured = Contest.Run(
            [
                ours, ReaderPath.Limit(workload), ReaderPath.Typed(workload), new KubernetesClientPath(workload, folds: false),
                new KubernetesClientPath(workload, folds: true),
                .. RxKubePath.NoProtobuf is null ? [new RxKubePath(new ProtobufRounds(workload, files))] : (Contestant[])[],
                .. ClientGo.BuiltFormats.Select(format => ClientGoPath.Start(format, files)),
            ],
            options.Rounds, size == Sizes[0] ? options.FirstWarmUp : options.WarmUp);
        yield return ComparedRow.AtMost(
            Area, $"{size.Name}: processor time an event", measured[ours.Name].Time, "us", size.MaxMicroseconds);
        yield return ComparedRow.AtMost(Area, $"{size.Name}: allocated an event", measured[ours.Name].Bytes, "B", size.MaxBytes);
        yield return ComparedRow.AtMost(Area, $"{size.Name}: allocated as large objects by all events of a round", large, "B", 0);
        foreach (var row in Contest.Rows(
            Area, size.Name, measured, GoalsOnW1.Select(goal => (goal.Peer, size.IsW1 ? goal.Least : 0))))
        {
            yield return row;
        }

        foreach (var row in ProtobufRows(size, measured))
        {
            yield return row;
        }
    }

    private static IEnumerable<ComparedRow> ProtobufRows(Size size, Dictionary<string, Measured> measured)
    {
        var (time, bytes) = ($"{size.Name}, protobuf: processor time an event", $"{size.Name}, protobuf: allocated an event");
        var goal = size.IsW1 ? 2 : 0;
        if (!measured.TryGetValue(RxKubePath.ProtobufName, out var ours))
        {
            yield return ComparedRow.NotRun(Area, time, "client-go protobuf", ComparedRow.AtLeast(goal), RxKubePath.NoProtobuf!);
            yield break;
        }

        foreach (var peer in new[] { "client-go protobuf", RxKubePath.PathName })
        {
            yield return ComparedRow.Times(
                Area, time, ours.Time, measured[peer].Time, peer, "us", peer == RxKubePath.PathName ? 0 : goal);
            yield return ComparedRow.Times(Area, bytes, ours.Bytes, measured[peer].Bytes, peer, "B", 0);
        }
    }

    private sealed record Size(
        int Slices, int Endpoints, int Repeats, double? MaxMicroseconds, double? MaxBytes, SliceChange Change = SliceChange.OneEndpoint)
    {
        public bool IsW1 => Endpoints == 100 && Change == SliceChange.OneEndpoint;

        public string Name => (Endpoints == 100 ? "W1" : $"{Slices} slices of {Endpoints}")
            + (Change == SliceChange.Middle ? ", an endpoint leaves and returns" : "");
    }
}
