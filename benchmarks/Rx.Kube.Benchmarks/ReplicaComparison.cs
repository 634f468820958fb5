namespace Rx.Kube.Benchmarks;

/// <summary>What zones add to the choice of replicas: a few for each key, and all of them in the worst cases.</summary>
internal static class ReplicaComparison
{
    private const int Keys = 1024;

    public static IEnumerable<ComparedRow> Rows(CompareOptions options)
    {
        foreach (var members in options.Pick<int[]>([1000, 5000], [1000], [1000, 5000]))
        {
            var (zoned, plain) = (RingOf(members, zones: 3), RingOf(members, zones: 0));
            yield return Row("three replicas", members, Keys, () => Three(zoned), () => Three(plain), least: 0.1);
            yield return Row("no member usable", members, 1, () => AskAll(zoned), () => AskAll(plain), least: 0.2);
            var (hot, hotPlain) = (Hot(zoned), Hot(plain));
            yield return Row("hot key, bounded load", members, 1, () => Request(hot), () => Request(hotPlain), least: 0.1);
        }
    }

    private static ComparedRow Row(string what, int members, int operations, Action zoned, Action plain, double least)
    {
        var (ours, peer) = RingComparison.Interleaved(15, operations, zoned, plain);
        return ComparedRow.Times(
            "rings", $"{what}, {members} members in 3 zones, beside no zones", ours.Times(0.001), peer.Times(0.001), "no zones", "us",
            least);
    }

    private static HashRing<int> RingOf(int members, int zones) => HashRing.Create(
        Enumerable.Range(0, members), i => $"cache-{i}", zone: zones == 0 ? null : i => $"zone-{i % zones}");

    private static void Three(HashRing<int> ring)
    {
        Span<int> replicas = stackalloc int[3];
        for (var i = 0UL; i < Keys; i++)
        {
            ring.GetReplicas(new KeyHash(i * 0x9E3779B97F4A7C15), replicas);
        }
    }

    private static void AskAll(HashRing<int> ring) => ring.TryGetOwner("user-42", _ => false, out _);

    // As many requests for one key as there are members: most members are at their bound.
    private static BoundedLoad<int> Hot(HashRing<int> ring)
    {
        var loads = new BoundedLoad<int>(ring);
        for (var i = 0; i < ring.Members.Length; i++)
        {
            loads.TryAcquire("hot", out _);
        }

        return loads;
    }

    private static void Request(BoundedLoad<int> loads)
    {
        loads.TryAcquire("hot", out var owner);
        loads.Release(owner);
    }
}
