using System.Collections.Concurrent;
using System.Globalization;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Every algorithm under random joins and leaves, as the table of <c>docs/hashing.md</c>: <c>dotnet run -c Release -- rings
/// [ALGORITHM...]</c>. It takes forty minutes, most of it for rendezvous.
/// </summary>
internal static class RingReport
{
    /// <summary>The number of joins and leaves.</summary>
    public const int Steps = 1000;

    private const int Keys = 1 << 20;

    private static readonly Dictionary<string, Func<IEnumerable<string>, IRing<string>>> Algorithms = new()
    {
        ["ring"] = names => HashRing.Create(names),
        ["rendezvous"] = names => Rendezvous.Create(names),
        ["anchor"] = names => Anchor.Create(names, name => name, capacity: names.Count() * 2),
        ["jump"] = names => Jump.Create(names),
        ["maglev"] = names => Maglev.Create(names, name => name, tableSize: names.Count() * 100 < 65_537 ? 65_537 : 655_373),
        ["partitions"] = names => Partitions.Create(Rendezvous.Create(names), 16_384),
        ["ketama"] = names => HashRing.Create(names, RingLayout.Ketama(KetamaVariant.Libmemcached)),
        ["envoy"] = names => HashRing.Create(names, RingLayout.Envoy()),
    };

    private static readonly string[] ByDefault = ["ring", "rendezvous", "maglev", "jump", "anchor", "partitions"];

    public static int Print(string[] algorithms)
    {
        if (algorithms.FirstOrDefault(algorithm => !Algorithms.ContainsKey(algorithm)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no algorithm '{unknown}'. There are: {string.Join(", ", Algorithms.Keys)}.");
            return 2;
        }

        Console.WriteLine(
            "| algorithm | members | moved ÷ ideal | needless | peak ÷ average | ns per lookup | µs per change | bytes per member |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var algorithm in algorithms.Length == 0 ? ByDefault : algorithms)
        {
            foreach (var members in new[] { 10, 100, 1000, 5000 })
            {
                var f = Measure(algorithm, members, Keys);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {algorithm} | {members:N0} | {f.MovedByIdeal:0.00} | {100 * f.Needless:0.##} % | {f.Peak:0.00} | {f.Lookup:0.0} "
                    + $"| {f.Change:N0} | {f.Bytes:N0} |"));
            }
        }

        return 0;
    }

    /// <summary>Measures what random joins and leaves move and cost with one algorithm.</summary>
    public static RingFigures Measure(string algorithm, int members, int count)
    {
        string[] names = [.. Enumerable.Range(0, members * 2).Select(i => $"cache-{i}")];
        var here = names.Take(members).ToList();
        var ring = Algorithms[algorithm](here);
        var bytes = BytesOf(() => Algorithms[algorithm](here)) / members;
        var lookup = LookupCost(ring);
        var keys = RingComparison.RandomKeys(count);
        var (owners, now, random) = (new string[keys.Length], new string[keys.Length], new Random(1));
        FindOwners(ring, keys, owners);
        var peak = owners.CountBy(owner => owner).Max(owned => owned.Value) / ((double)count / members);
        var (moved, needless, ideal, costs) = (0L, 0L, 0.0, new List<double>());
        for (var step = 0; step < Steps; step++)
        {
            // With jump only the last member comes or goes; with all others, any member.
            var joins = here.Count < 2 || (here.Count < names.Length - 1 && random.Next(2) == 0);
            var away = joins && algorithm != "jump" ? names.Except(here).ToList() : [];
            var who = joins ? (algorithm == "jump" ? names[here.Count] : away[random.Next(away.Count)])
                : here[algorithm == "jump" ? ^1 : random.Next(here.Count)];
            ideal += joins ? 1.0 / (here.Count + 1) : 1.0 / here.Count;
            var next = ring;
            costs.Add(RingComparison.Time(() => next = joins ? ring.With(who) : ring.Without(who)).TotalMicroseconds);
            FindOwners(next, keys, now);
            for (var i = 0; i < now.Length; i++)
            {
                if (now[i] != owners[i])
                {
                    moved++;
                    needless += (joins ? now[i] : owners[i]) == who ? 0 : 1;
                }
            }

            (owners, now) = (now, owners);
            ring = next;
            _ = joins ? Add(here, who) : here.Remove(who);
        }

        return new(
            moved / (ideal * keys.Length), moved == 0 ? 0 : (double)needless / moved, peak, lookup,
            costs.Order().ElementAt(costs.Count / 2), bytes);
    }

    private static bool Add(List<string> list, string item)
    {
        list.Add(item);
        return true;
    }

    // Into arrays that are reused: new ones for each step would make the garbage collector part of the measurement.
    private static void FindOwners(IRing<string> ring, KeyHash[] keys, string[] owners) =>
        Parallel.ForEach(Partitioner.Create(0, keys.Length, 1 << 13), part =>
        {
            for (var i = part.Item1; i < part.Item2; i++)
            {
                owners[i] = ring.TryGetOwner(keys[i], out var owner) ? owner : "";
            }
        });

    private static double LookupCost(IRing<string> ring)
    {
        var keys = RingComparison.RandomKeys(1 << 16);
        var (least, spent) = (double.MaxValue, TimeSpan.Zero);
        var end = TimeSpan.FromSeconds(new CompareOptions(RingComparison.Thoroughness).Pick(dry: 0, quick: 0.3, full: 3));
        do
        {
            var time = RingComparison.Time(() =>
            {
                foreach (var key in keys)
                {
                    ring.TryGetOwner(key, out _);
                }
            });
            spent += time;
            least = Math.Min(least, time.TotalNanoseconds / keys.Length);
        }
        while (spent < end);

        return least;
    }

    private static long BytesOf(Func<object> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var made = make();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(made);
        return bytes;
    }
}

/// <summary>The figures of one algorithm.</summary>
/// <param name="MovedByIdeal">Keys moved ÷ keys that rings of perfect balance would move.</param>
/// <param name="Needless">The share of the moved keys that moved between members that stayed.</param>
/// <param name="Peak">The fullest member's keys ÷ the average, at the start.</param>
/// <param name="Lookup">Nanoseconds, the minimum of many rounds.</param>
/// <param name="Change">Microseconds, the median of all steps.</param>
/// <param name="Bytes">Bytes of memory for each member.</param>
internal sealed record RingFigures(double MovedByIdeal, double Needless, double Peak, double Lookup, double Change, long Bytes);
