namespace Rx.Kube.Hashing.Tests;

/// <summary>Rings of every algorithm by its name, of members with weights and zones.</summary>
internal static class AlgorithmRings
{
    /// <summary>The algorithms that depend only on the set of members, whatever their names and weights.</summary>
    public static readonly string[] SetAlgorithms = ["HashRing", "Rendezvous", "Maglev", "Partitions", "BoundedPartitions"];

    /// <summary>All algorithms.</summary>
    public static readonly string[] AllAlgorithms = [.. SetAlgorithms, "Anchor", "Jump"];

    public static IRing<Node> RingOf(string algorithm, IEnumerable<Node> sites, bool zones = true)
    {
        Func<Node, string?>? zone = zones ? site => site.Zone : null;
        return algorithm switch
        {
            "HashRing" => HashRing.Create(sites, site => site.Name, site => site.Weight, zone, RingLayout.Native(8)),
            "Rendezvous" => Rendezvous.Create(sites, site => site.Name, site => site.Weight, zone),
            "Maglev" => Maglev.Create(sites, site => site.Name, site => site.Weight, zone, tableSize: 211),
            "Partitions" => Partitions.Create(Rendezvous.Create(sites, site => site.Name, site => site.Weight, zone), 64),
            "BoundedPartitions" => Partitions.Create(
                Rendezvous.Create(sites, site => site.Name, site => site.Weight, zone), 64, maxImbalance: 0.1),
            "Anchor" => Anchor.Create(sites, site => site.Name, site => site.Weight, zone),
            "Jump" => Jump.Create(sites, site => site.Name, site => Jump.OrdinalOf(site.Name), zone),
            _ => throw new ArgumentException($"There is no algorithm '{algorithm}'.", nameof(algorithm)),
        };
    }

    public static Node[] Nodes(int count, int zones = 0) =>
        [.. Enumerable.Range(0, count).Select(i => new Node($"site-{i}", Zone: zones == 0 ? null : $"zone-{i % zones}"))];

    public static Node[] RandomNodes(Random random, int count, int zones = 3) =>
        [.. Enumerable.Range(0, count).Select(i => new Node($"site-{i}", random.Next(1, 6), $"zone-{random.Next(zones)}"))];

    public static string? Owner(IRing<Node> ring, KeyHash key) => ring.TryGetOwner(key, out var owner) ? owner.Name : null;

    public static string[] Replicas(IRing<Node> ring, KeyHash key, int count)
    {
        var replicas = new Node[count];
        return [.. replicas.Take(ring.GetReplicas(key, replicas)).Select(site => site.Name)];
    }

    /// <summary>A ring's fingerprint and members, and the replicas of some keys, as text.</summary>
    public static string Text(IRing<Node> ring)
    {
        var random = new Random(1);
        var placed = Enumerable.Range(0, 40).Select(_ => string.Join(",", Replicas(ring, new KeyHash(HashRings.RandomHash(random)), 5)));
        return $"{ring.Fingerprint:x16}\n{string.Join("\n", ring.Members)}\n{string.Join("\n", placed)}";
    }
}
