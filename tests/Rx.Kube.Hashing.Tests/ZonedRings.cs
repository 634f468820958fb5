namespace Rx.Kube.Hashing.Tests;

/// <summary>Small rings of members with weights and zones, and their replicas as a search through all tokens finds them.</summary>
internal static class ZonedRings
{
    public static HashRing<Node> Zoned(params IEnumerable<Node> nodes) => With(nodes.Any(node => node.Zone is not null), nodes);

    public static HashRing<Node> With(bool zones, IEnumerable<Node> nodes, int tokens = 4) =>
        HashRing.Create(nodes, node => node.Name, node => node.Weight, zones ? node => node.Zone : null, RingLayout.Native(tokens));

    /// <summary>A ring of some of ten members, with random weights and, unless <paramref name="zones"/> is 0, random zones.</summary>
    public static HashRing<Node> RandomRing(Random random, int zones) => With(zones > 0, [.. Enumerable.Range(0, 10)
        .Where(_ => random.Next(3) > 0)
        .Select(i => new Node($"m-{i}", random.Next(1, 4), zones > 0 && random.Next(6) > 0 ? $"z-{random.Next(zones)}" : null))]);

    /// <summary>The replicas of a hash: repeatedly the next member on the ring whose zone has the fewest replicas so far.</summary>
    public static string[] Replicas(HashRing<Node> ring, ulong hash, int count)
    {
        var tokens = ring.Tokens().ToList();
        var preferred = tokens.Where(token => token.Token >= hash).Concat(tokens).Select(token => token.Member)
            .DistinctBy(node => node.Name).ToList();
        string ZoneOf(Node node) => ring.Traits.HasZones ? node.Zone ?? "" : node.Name;
        var chosen = new List<Node>();
        while (chosen.Count < count && preferred.Count > 0)
        {
            var fewest = preferred.Min(node => chosen.Count(other => ZoneOf(other) == ZoneOf(node)));
            var next = preferred.First(node => chosen.Count(other => ZoneOf(other) == ZoneOf(node)) == fewest);
            chosen.Add(next);
            preferred.Remove(next);
        }

        return [.. chosen.Select(node => node.Name)];
    }

    public static string[] Names(this IEnumerable<Node> nodes) => [.. nodes.Select(node => node.Name)];

    /// <summary>
    /// The hashes after which something may change: the last hash of each range that no token of one of the rings divides.
    /// </summary>
    public static ulong[] Edges(params HashRing<Node>?[] rings) =>
        [.. rings.SelectMany(ring => ring?.Tokens().Select(token => token.Token) ?? []).Append(ulong.MaxValue).Distinct().Order()];

    /// <summary>The ranges between the edges.</summary>
    public static IEnumerable<KeyRange> Ranges(params HashRing<Node>?[] rings)
    {
        var first = 0UL;
        foreach (var edge in Edges(rings))
        {
            yield return new KeyRange(first, edge);
            first = edge + 1;
        }
    }
}
