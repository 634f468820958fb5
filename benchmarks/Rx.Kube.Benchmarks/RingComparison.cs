using System.Diagnostics;
using System.Reactive.Subjects;
using Rx.Kube.Benchmarks.WholePath;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Benchmarks;

/// <summary>
/// Rings beside what people write without a library: lookup, change, and what an update costs readers. Minimum of interleaved rounds.
/// </summary>
internal static class RingComparison
{
    private const int Keys = 1 << 20;
    private const int Rounds = 15;

    /// <summary>Gets or sets how thoroughly rings are measured.</summary>
    public static Thoroughness Thoroughness { get; set; } = Thoroughness.Full;

    public static IEnumerable<ComparedRow> Rows()
    {
        var options = new CompareOptions(Thoroughness);
        (string, int)[] rings = [("ring", 100), ("rendezvous", 100), ("anchor", 100), ("ring", 10), ("ring", 1000), ("ring", 5000)];
        foreach (var (algorithm, members) in options.Pick(rings[..4], rings[..4], rings))
        {
            // Few of the keys move among many members, so that more of them are needed for a figure of three digits.
            var count = options.Pick(1 << 12, 1 << 12, 1 << 16) * Math.Clamp(members / 100, 1, 10);
            var figures = RingReport.Measure(algorithm, members, count);
            yield return new("rings", $"{algorithm}: moved / ideal, {members} members, {RingReport.Steps} joins and leaves",
                figures.MovedByIdeal, null, "", null, "1.00", Math.Abs(figures.MovedByIdeal - 1) < 0.02);
            yield return ComparedRow.AtMost("rings", $"{algorithm}: keys moved needlessly, {members} members", figures.Needless, "", 0);
        }

        yield return ComparedRow.AtMost("rings", "rings given for 1,000 flaps, 1,000 new addresses and 10 lists in another order",
            RingsOfNoise(), "", 0);
        var (keys, moves) = (RandomKeys(Keys), new List<(int Members, double Moves, double Ownership)>());
        foreach (var members in options.Pick<int[]>([10], [10, 100, 1000], [10, 100, 1000, 5000]))
        {
            string[] names = [.. Enumerable.Range(0, members).Select(i => $"cache-{i}")];
            var ring = HashRing.Create(names);
            var (tokens, owners) = new SortedDictionaryRing(names).ToArrays();
            var (lookup, search) = Interleaved(
                Rounds, Keys, () => Lookup(ring, keys), () => Search(tokens, owners, keys));
            yield return ComparedRow.AtMost("rings", $"lookup, {members} members", lookup, "ns", 10);
            yield return ComparedRow.Times(
                "rings", $"lookup, {members} members, beside binary search", lookup, search, "binary search", "ns", 10);
            yield return ComparedRow.AtMost("rings", $"lookup, {members} members, allocated", AllocatedBy(() => Lookup(ring, keys)),
                "B", 0);

            var changes = Math.Clamp(1000 / members, 2, 10);
            var round = 0;
            var (change, rebuild) = Interleaved(
                Math.Clamp(20_000 / members, 9, 200), changes, () => Change(ring, names, changes, round++),
                () => Repeat(changes, () => HashRing.Create(names)));
            yield return ComparedRow.Times(
                "rings", $"one join or leave, {members} members, beside a rebuild", change.Times(0.001), rebuild.Times(0.001), "a rebuild",
                "us", members < 100 ? 0 : 30);
            yield return new("rings", $"one join, {members} members, allocated", AllocatedBy(() => ring.With("newcomer")), null, "B", null,
                "none", true);
            var dictionary = new Figures(
                [.. Enumerable.Range(0, 2).Select(_ => Time(() => GC.KeepAlive(new SortedDictionaryRing(names))).TotalMicroseconds)]);
            yield return ComparedRow.Times("rings", $"one join or leave, {members} members, beside rebuilding a sorted dictionary",
                change.Times(0.001), dictionary, "a sorted dictionary", "us", 30);
            foreach (var row in RingDetailComparison.Rows(members, names, ring, moves))
            {
                yield return row;
            }
        }

        foreach (var row in RingDetailComparison.Slopes(moves).Concat(RingReaderComparison.Rows(options, keys)))
        {
            yield return row;
        }
    }

    /// <summary>The number of rings, after the first one, that changes which move nothing give.</summary>
    private static int RingsOfNoise()
    {
        const int Members = 100;
        var random = new Random(1);
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        var rings = 0;
        using var subscription = source.ToTopology().ToHashRing().Subscribe(_ => rings++);
        string[] addresses = [.. Enumerable.Range(0, Members).Select(i => $"10.0.0.{i}")];
        int[] order = [.. Enumerable.Range(0, Members)];
        EndpointSlice Now(int version, int notReady) => order.Aggregate(
            Slice.Of("cache-abc", service: "cache", version: version),
            (slice, i) => slice.With($"cache-{i}", addresses[i], ready: i != notReady));
        source.OnNext(WatchEvents.Listed("1", Now(1, -1)));
        for (var version = 2; version < 2002; version++)
        {
            var who = random.Next(Members);
            addresses[who] = version % 2 == 0 ? addresses[who] : $"10.1.{version / 250}.{version % 250}";
            source.OnNext(Now(version, version % 2 == 0 ? who : -1).Modified());
            if (version % 200 == 0)
            {
                random.Shuffle(order);
                source.OnNext(WatchEvents.Listed($"{version}", Now(version, -1)));
            }
        }

        return rings - 1;
    }

    internal static KeyHash[] RandomKeys(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => new KeyHash(((ulong)random.NextInt64() << 1) ^ (ulong)random.NextInt64()))];
    }

    internal static TimeSpan Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Nanoseconds of one operation of each, measured in turn: A B A B.</summary>
    internal static (Figures Ours, Figures Peer) Interleaved(int rounds, int operations, Action ours, Action peer)
    {
        var options = new CompareOptions(Thoroughness);
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(options.Pick(dry: 0, quick: 0.1, full: 0.6));)
        {
            ours();
            peer();
        }

        var (times, peerTimes) = (new List<double>(), new List<double>());
        for (var round = 0; round < options.Pick(dry: 1, quick: Math.Min(rounds, 3), full: rounds); round++)
        {
            times.Add(Time(ours).TotalNanoseconds / operations);
            peerTimes.Add(Time(peer).TotalNanoseconds / operations);
        }

        return (new([.. times]), new([.. peerTimes]));
    }

    private static long AllocatedBy(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Lookup(HashRing<string> ring, KeyHash[] keys)
    {
        var found = 0;
        foreach (var key in keys)
        {
            found += ring.TryGetOwner(key, out var owner) && owner is not null ? 1 : 0;
        }

        if (found != keys.Length)
        {
            throw new InvalidOperationException("A key has no owner.");
        }
    }

    private static void Search(ulong[] tokens, string[] owners, KeyHash[] keys)
    {
        var found = 0;
        foreach (var key in keys)
        {
            found += SortedDictionaryRing.Search(tokens, owners, key.Value) is not null ? 1 : 0;
        }

        if (found != keys.Length)
        {
            throw new InvalidOperationException("A key has no owner.");
        }
    }

    private static void Change(HashRing<string> ring, string[] names, int changes, int round)
    {
        for (var i = 0; i < changes; i++)
        {
            GC.KeepAlive(i % 2 == 0 ? ring.With($"newcomer-{round}-{i}") : ring.Without(names[(round + i) % names.Length]));
        }
    }

    private static void Repeat(int times, Func<object> make)
    {
        for (var i = 0; i < times; i++)
        {
            GC.KeepAlive(make());
        }
    }
}
