namespace Rx.Kube.Tests.Checker;

/// <summary>Schedules from seeds. A seed is the only input of a schedule.</summary>
internal static class ScheduleGenerator
{
    private const int Span = 20_000;

    /// <summary>The schedule of a seed.</summary>
    public static Schedule Of(int seed)
    {
        var random = new Random(seed);
        var faults = 1 + random.Next(6);
        return Of(random, [.. Enumerable.Range(0, faults).Select(_ => ActionTable.Faults[random.Next(ActionTable.Faults.Length)])]);
    }

    /// <summary>Schedules in which every two kinds of faults meet, a few at a time.</summary>
    public static IEnumerable<Schedule> AllPairs(int seed)
    {
        var random = new Random(seed);
        var kinds = ActionTable.Kinds;
        var missing = Pairs(kinds).ToHashSet();
        while (missing.Count > 0)
        {
            // Starts with a pair that is missing, and adds the kinds that cover most.
            var (first, second) = missing.First();
            List<ActionKind> chosen = [first, second];
            while (chosen.Count < 8)
            {
                var best = kinds.Where(k => !chosen.Contains(k)).MaxBy(k => chosen.Count(c => missing.Contains(Pair(c, k))));
                chosen.Add(best);
            }

            missing.ExceptWith(Pairs([.. chosen]));
            var shuffled = chosen.ToArray();
            random.Shuffle(shuffled);
            yield return Of(random, shuffled);
        }
    }

    /// <summary>Schedules in which three kinds meet, each three once, in a random order.</summary>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="count">How many; at most as many as there are triples.</param>
    public static IEnumerable<Schedule> Triples(int seed, int count)
    {
        var random = new Random(seed);
        var kinds = ActionTable.Kinds;
        ActionKind[][] triples =
        [
            .. from a in Enumerable.Range(0, kinds.Length)
               from b in Enumerable.Range(a + 1, kinds.Length - a - 1)
               from c in Enumerable.Range(b + 1, kinds.Length - b - 1)
               select (ActionKind[])[kinds[a], kinds[b], kinds[c]],
        ];
        random.Shuffle(triples);
        foreach (var triple in triples.Take(count))
        {
            random.Shuffle(triple);
            yield return Of(random, triple);
        }
    }

    /// <summary>The pairs of kinds in a schedule.</summary>
    public static IEnumerable<(ActionKind, ActionKind)> Pairs(ActionKind[] kinds) =>
        kinds.SelectMany((a, i) => kinds.Skip(i + 1).Where(b => a != b).Select(b => Pair(a, b)));

    private static (ActionKind, ActionKind) Pair(ActionKind a, ActionKind b) => a < b ? (a, b) : (b, a);

    private static Schedule Of(Random random, ActionKind[] faults)
    {
        var setup = new Setup
        {
            Clients = random.Next(12) switch { 0 => 2, 1 => 3, _ => 1 },
            Page = random.Next(3) switch { 0 => 1, 1 => 2, _ => 100 },
            Selection = random.Next(3),
            Cache = random.Next(3) == 0 ? 1 : 0,
            Streaming = random.Next(3),
            Bookmarks = random.Next(5) == 0 ? 0 : 1,
            Objects = random.Next(6),
            Opaque = random.Next(20) == 0 ? 1 : 0,
            Cached = Math.Max(0, random.Next(8) - 4),
            Clock = random.Next(4) == 0 ? 1 : 0,
            Jitter = random.Next(1_000),
        };
        var last = 0;
        List<FaultAction> actions = [];
        foreach (var kind in faults)
        {
            // Half of the faults follow another one closely: most bugs need two.
            last = random.Next(2) == 0 ? Math.Min(last + random.Next(1_500), Span) : random.Next(Span);
            actions.Add(Action(random, kind, last));
            for (var writes = random.Next(4); writes > 0; writes--)
            {
                var at = last + random.Next(random.Next(2) == 0 ? 200 : 4_000);
                actions.Add(Action(random, ActionTable.Writes[random.Next(ActionTable.Writes.Length)], at));
            }
        }

        return new(setup with { Format = random.Next(2) }, [.. actions.OrderBy(a => a.At)]);
    }

    private static FaultAction Action(Random random, ActionKind kind, int at)
    {
        var spec = ActionTable.Of[kind];
        return new(at, kind, random.Next(spec.MostA + 1), random.Next(spec.MostB + 1), random.Next(2) == 0 ? 0 : 1 + random.Next(7));
    }
}
