using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>Rx.Kube and its peers on one workload of events.</summary>
internal static class Contest
{
    /// <summary>Measures the contestants in turns, and disposes them.</summary>
    /// <returns>The costs, by the name of the contestant.</returns>
    public static Dictionary<string, Measured> Run(Contestant[] contestants, int rounds, TimeSpan warmUp)
    {
        try
        {
            return contestants.Zip(Turns.Measure(contestants, rounds, warmUp)).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        }
        finally
        {
            Array.ForEach(contestants, contestant => contestant.Dispose());
        }
    }

    /// <summary>Creates two rows for each peer, of time and of allocation; one that says why for a peer that did not run.</summary>
    /// <param name="area">The area.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="measured">The costs.</param>
    /// <param name="peers">The peers, with the goals for the ratio of times; zero for no goal.</param>
    public static IEnumerable<ComparedRow> Rows(
        string area, string workload, Dictionary<string, Measured> measured, IEnumerable<(string Name, double Least)> peers)
    {
        var (time, bytes) = ($"{workload}: processor time an event", $"{workload}: allocated an event");
        var ours = measured[RxKubePath.PathName];
        foreach (var (name, least) in peers)
        {
            if (measured.TryGetValue(name, out var peer))
            {
                yield return ComparedRow.Times(area, time, ours.Time, peer.Time, name, "us", least);
                yield return ComparedRow.Times(area, bytes, ours.Bytes, peer.Bytes, name, "B", 0);
            }
            else
            {
                var reason = ClientGo.Missing ?? "it did not run";
                yield return ComparedRow.NotRun(area, time, name, ComparedRow.AtLeast(least), reason);
                yield return ComparedRow.NotRun(area, bytes, name, ComparedRow.AtLeast(0), reason);
            }
        }
    }
}
