using System.Diagnostics;

namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>Measures several contestants in turns: A B C, A B C. What disturbs the machine for a while disturbs them all.</summary>
internal static class Turns
{
    /// <summary>Measures the contestants.</summary>
    /// <param name="contestants">The contestants.</param>
    /// <param name="rounds">The number of rounds that count.</param>
    /// <param name="warmUp">For how long rounds do not count: until the code is optimised.</param>
    /// <returns>The costs, in the order of the contestants.</returns>
    public static Measured[] Measure(IReadOnlyList<Contestant> contestants, int rounds, TimeSpan warmUp)
    {
        var costs = contestants.Select(_ => new List<Cost>()).ToList();
        for (var (warm, round) = (Stopwatch.StartNew(), warmUp == TimeSpan.Zero ? -1 : -2); round < rounds;
            round += round < -1 || warm.Elapsed >= warmUp ? 1 : 0)
        {
            for (var i = 0; i < contestants.Count; i++)
            {
                var cost = contestants[i].Round();
                if (round >= 0)
                {
                    costs[i].Add(cost);
                }
            }
        }

        return [.. costs.Select(Measured.Of)];
    }
}
