using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// What a ring costs besides a lookup of a hash and a change: which ranges move, what a member gains, lookups of texts, memory, and changes
/// of the other algorithms.
/// </summary>
internal static class RingDetailComparison
{
    private static readonly (string Name, Func<string[], IRing<string>> Create)[] Others =
    [
        ("rendezvous", names => Rendezvous.Create(names)),
        ("anchor", names => Anchor.Create(names, name => name, capacity: names.Length * 2)),
        ("ketama", names => HashRing.Create(names, RingLayout.Ketama(KetamaVariant.Libmemcached))),
        ("ring_hash, 160 tokens a member", names => HashRing.Create(names, RingLayout.Envoy(names.Length * 160))),
        ("maglev", names => Maglev.Create(names, name => name, tableSize: names.Length * 100 < 65_537 ? 65_537 : 655_373)),
        ("partitions over a ring", names => Partitions.Create(HashRing.Create(names), 16_384)),
    ];

    /// <summary>Gets the rows for a number of members, and adds the times of a difference to a list.</summary>
    public static IEnumerable<ComparedRow> Rows(
        int members, string[] names, HashRing<string> ring, List<(int Members, double Moves, double Ownership)> times)
    {
        var (joined, left) = (ring.With("newcomer"), ring.Without(names[^1]));
        foreach (var factor in new[] { 1, 3 })
        {
            var all = Microseconds(3, () => CompareAll(ring, joined, factor));
            var (moves, gained) = RingComparison.Interleaved(
                25, 8, () => Repeat(8, () => joined.DiffFrom(ring, factor).Moves),
                () => Repeat(8, () => joined.DiffFrom(ring, factor).OwnershipOf("newcomer")));
            var lost = Microseconds(25, () => left.DiffFrom(ring, factor).OwnershipOf(names[^1]));
            yield return ComparedRow.Times(
                "rings", $"which ranges move at a join, {members} members, {factor} replicas, beside comparing all ranges",
                moves.Times(0.001), all, "comparing all ranges", "us", 0);
            yield return ComparedRow.AtMost(
                "rings", $"what the member gains at its join, {members} members, {factor} replicas", gained.Times(0.001), "us", null);
            yield return ComparedRow.AtMost(
                "rings", $"what the member loses as it leaves, {members} members, {factor} replicas", lost, "us", null);
            if (factor == 1)
            {
                times.Add((members, moves.Least, gained.Least));
            }
        }

        string[] texts = [.. Enumerable.Range(0, 1 << 16).Select(i => $"user-{i * 7919}")];
        var (lookup, hash) = RingComparison.Interleaved(15, texts.Length, () => Lookup(ring, texts), () => Hash(texts));
        yield return ComparedRow.Times(
            "rings", $"lookup of a text, {members} members, beside hashing it alone", lookup, hash, "hashing it alone", "ns", 0);
        yield return new("rings", $"memory of a ring, {members} members", Memory(names), null, "B a member", null, "none", true);
        foreach (var (name, create) in Others)
        {
            var other = create(names);
            var round = 0;
            var (change, rebuild) = RingComparison.Interleaved(
                7, 2, () => Change(other, names, round++), () => Repeat(2, () => create(names)));
            yield return ComparedRow.Times(
                "rings", $"{name}: one join or leave, {members} members, beside a rebuild", change.Times(0.001), rebuild.Times(0.001),
                "a rebuild", "us", 0);
        }

        if (members == 5000)
        {
            foreach (var many in new[] { 60_000, 150_000 })
            {
                yield return new("rings", $"memory of a ring, {many} members",
                    Memory([.. Enumerable.Range(0, many).Select(i => $"cache-{i}")]), null, "B a member", null, "none", true);
            }
        }
    }

    /// <summary>Gets how the time of a difference grows with the number of members, from 100 on: 1 would be in proportion.</summary>
    public static IEnumerable<ComparedRow> Slopes(List<(int Members, double Moves, double Ownership)> times)
    {
        if (times.Where(time => time.Members >= 100).ToArray() is { Length: > 1 } large)
        {
            yield return ComparedRow.AtMost("rings", "which ranges move: log-log slope from 100 members on",
                Slope(large, time => time.Moves), "", 0.2);
            yield return ComparedRow.AtMost("rings", "what the member gains at its join: log-log slope from 100 members on",
                Slope(large, time => time.Ownership), "", 0.2);
        }
    }

    private static Figures Microseconds(int rounds, Action action) =>
        new([.. Enumerable.Range(0, rounds).Select(_ => RingComparison.Time(action).TotalMicroseconds)]);

    private static double Slope(
        (int Members, double Moves, double Ownership)[] times, Func<(int, double Moves, double Ownership), double> of)
    {
        var points = times.Select(time => (X: Math.Log(time.Members), Y: Math.Log(of(time)))).ToArray();
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        return points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
    }

    private static void Repeat<T>(int times, Func<T> make)
    {
        for (var i = 0; i < times; i++)
        {
            GC.KeepAlive(make());
        }
    }

    private static void Change(IRing<string> ring, string[] names, int round)
    {
        GC.KeepAlive(ring.With($"newcomer-{round}"));
        GC.KeepAlive(ring.Without(names[round % names.Length]));
    }

    private static void Lookup(HashRing<string> ring, string[] texts)
    {
        foreach (var text in texts)
        {
            ring.TryGetOwner(text, out _);
        }
    }

    private static void Hash(string[] texts)
    {
        var sum = 0UL;
        foreach (var text in texts)
        {
            sum += KeyHash.Of(text).Value;
        }

        GC.KeepAlive(sum);
    }

    // The names themselves are the application's.
    private static double Memory(string[] names)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var ring = HashRing.Create(names);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(ring);
        return (double)bytes / names.Length;
    }

    // What code does that does not know what the rings share.
    private static int CompareAll(HashRing<string> before, HashRing<string> after, int factor)
    {
        var (were, are, found) = (new string[factor], new string[factor], 0);
        for (KeyRange? next = KeyRange.All; next is { } rest;)
        {
            var key = new KeyHash(rest.First);
            var last = Math.Min(after.RangeOf(key).Last, before.RangeOf(key).Last);
            before.GetReplicas(key, were);
            after.GetReplicas(key, are);
            found += were.AsSpan().SequenceEqual(are) ? 0 : 1;
            next = last == ulong.MaxValue ? null : new(last + 1, ulong.MaxValue);
        }

        return found;
    }
}
