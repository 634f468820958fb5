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
        new(20, 1000, Repeats: 1, MaxMicroseconds: 40, MaxBytes: 2048),
    ];

    public static IEnumerable<ComparedRow> Rows(CompareOptions options) => Sizes.SelectMany(size => Rows(size, options));

    private static IEnumerable<ComparedRow> Rows(Size size, CompareOptions options)
    {
        var name = size.Endpoints == 100 ? "W1" : $"{size.Slices} slices of {size.Endpoints}";
        var workload = new SliceWorkload(size.Slices, size.Endpoints, repeats: size.Repeats);
        using var ours = new RxKubePath(workload);
        using var bare = new KubernetesClientPath(workload, folds: false);
        using var folding = new KubernetesClientPath(workload, folds: true);
        Contestant[] contestants = [ours, ReaderPath.Limit(workload), bare, ReaderPath.Typed(workload), folding];

        // The code is optimised once; later sizes only warm the data.
        var measured = Turns.Measure(contestants, options.Rounds, size == Sizes[0] ? 3 * options.WarmUp : options.WarmUp);
        if (size.MaxMicroseconds is { } most)
        {
            yield return ComparedRow.AtMost(Area, $"{name}: processor time an event", measured[0].Time, "us", most);
        }

        yield return ComparedRow.AtMost(Area, $"{name}: allocated an event", measured[0].Bytes, "B", size.MaxBytes);
        for (var i = 1; i < contestants.Length; i++)
        {
            var goal = size.Endpoints == 100 ? GoalOnW1(contestants[i].Name) : 0;
            yield return ComparedRow.Times(
                Area, $"{name}: processor time an event", measured[0].Time, measured[i].Time, contestants[i].Name, "us", goal);
            yield return ComparedRow.Times(
                Area, $"{name}: allocated an event", measured[0].Bytes, measured[i].Bytes, contestants[i].Name, "B", 0);
        }
    }

    private static double GoalOnW1(string peer) => peer switch
    {
        "KubernetesClient" => 12,
        "KubernetesClient + dictionary" => 50,
        "JSON reader alone" => 2.5,
        _ => 0,
    };

    private sealed record Size(int Slices, int Endpoints, int Repeats, double? MaxMicroseconds, double MaxBytes);
}
