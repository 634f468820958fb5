using System.Diagnostics;
using System.Globalization;
using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Rx.Kube alone on one workload of <c>compare wire</c>, for a profiler: <c>dotnet run -c Release -- profile SLICES ENDPOINTS SECONDS</c>.
/// With <c>DOTNET_PerfMapEnabled=1</c> and <c>DOTNET_EnableWriteXorExecute=0</c>, perf knows the names of methods.
/// </summary>
internal static class Profile
{
    private const int FewEvents = 4000; // in a round, so that little time passes between rounds

    public static int Run(string slices, string endpoints, string seconds)
    {
        int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
        var repeats = Math.Max(1, FewEvents / (2 * Number(slices) * Number(endpoints)));
        var workload = new SliceWorkload(Number(slices), Number(endpoints), repeats: repeats);
        using var ours = new RxKubePath(workload);
        ours.Start();
        var (begin, costs) = (Stopwatch.GetTimestamp(), new List<double>());
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < Number(seconds))
        {
            var round = Stopwatch.GetTimestamp();
            ours.Play();
            costs.Add(Stopwatch.GetElapsedTime(round).TotalMicroseconds / workload.Events);
        }

        costs.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{slices} slices of {endpoints}: {costs[0]:0.00} us an event, median {costs[costs.Count / 2]:0.00} of {costs.Count} rounds"));
        return 0;
    }
}
