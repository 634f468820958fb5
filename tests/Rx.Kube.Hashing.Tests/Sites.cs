namespace Rx.Kube.Hashing.Tests;

/// <summary>Members with weights and zones, and rings of each kind of them.</summary>
internal static class Sites
{
    /// <summary>A member whose address is no part of what places it.</summary>
    public sealed record Site(string Name, int Weight = 1, string? Zone = null, string Address = "");

    /// <summary>The kinds of rings that follow from the set of their members alone, whatever their names and weights.</summary>
    public static readonly string[] SetKinds = ["HashRing", "Rendezvous", "Maglev", "Partitions", "BoundedPartitions"];

    /// <summary>The kinds of rings there are.</summary>
    public static readonly string[] AllKinds = [.. SetKinds, "Anchor", "Jump"];

    public static IRing<Site> Of(string kind, IEnumerable<Site> sites, bool zones = true)
    {
        Func<Site, string?>? zone = zones ? site => site.Zone : null;
        return kind switch
        {
            "HashRing" => HashRing.Create(sites, site => site.Name, site => site.Weight, zone, RingLayout.Native(8)),
            "Rendezvous" => Rendezvous.Create(sites, site => site.Name, site => site.Weight, zone),
            "Maglev" => Maglev.Create(sites, site => site.Name, site => site.Weight, zone, tableSize: 211),
            "Partitions" => Partitions.Create(Rendezvous.Create(sites, site => site.Name, site => site.Weight, zone), 64),
            "BoundedPartitions" => Partitions.Create(Rendezvous.Create(sites, site => site.Name, site => site.Weight, zone), 64, maxImbalance: 0.1),
            "Anchor" => Anchor.Create(sites, site => site.Name, site => site.Weight, zone),
            "Jump" => Jump.Create(sites, site => site.Name, site => Jump.OrdinalOf(site.Name), zone),
            _ => throw new ArgumentException($"There is no kind '{kind}'.", nameof(kind)),
        };
    }

    public static Site[] Some(int count, int zones = 0) =>
        [.. Enumerable.Range(0, count).Select(i => new Site($"site-{i}", Zone: zones == 0 ? null : $"zone-{i % zones}"))];

    public static Site[] Random(Random random, int count, int zones = 3) =>
        [.. Enumerable.Range(0, count).Select(i => new Site($"site-{i}", random.Next(1, 6), $"zone-{random.Next(zones)}"))];

    public static string? Owner(IRing<Site> ring, KeyHash key) => ring.TryGetOwner(key, out var owner) ? owner.Name : null;

    public static string[] Replicas(IRing<Site> ring, KeyHash key, int count)
    {
        var replicas = new Site[count];
        return [.. replicas.Take(ring.GetReplicas(key, replicas)).Select(site => site.Name)];
    }

    /// <summary>All there is to say about a ring, but for the keys that are not among these few.</summary>
    public static string Text(IRing<Site> ring)
    {
        var random = new Random(1);
        var placed = Enumerable.Range(0, 40).Select(_ => string.Join(",", Replicas(ring, new KeyHash(Rings.Hash(random)), 5)));
        return $"{ring.Fingerprint:x16}\n{string.Join("\n", ring.Members)}\n{string.Join("\n", placed)}";
    }
}
