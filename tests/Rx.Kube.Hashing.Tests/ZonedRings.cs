namespace Rx.Kube.Hashing.Tests;

/// <summary>Small rings of members with weights and zones, and what they place where as a search through all tokens finds it.</summary>
internal static class ZonedRings
{
    /// <summary>A member; without a zone, unless others on the ring have one, it is in a zone of those without.</summary>
    public sealed record Place(string Name, int Weight = 1, string? Zone = null);

    public static HashRing<Place> Zoned(params IEnumerable<Place> places) => With(places.Any(place => place.Zone is not null), places);

    public static HashRing<Place> With(bool zones, IEnumerable<Place> places, int tokens = 4) =>
        HashRing.Create(places, place => place.Name, place => place.Weight, zones ? place => place.Zone : null, RingLayout.Native(tokens));

    /// <summary>Some of ten members, of random weights and, if there are to be some, in one of so many zones.</summary>
    public static HashRing<Place> Some(Random random, int zones) => With(zones > 0, [.. Enumerable.Range(0, 10)
        .Where(_ => random.Next(3) > 0)
        .Select(i => new Place($"m-{i}", random.Next(1, 4), zones > 0 && random.Next(6) > 0 ? $"z-{random.Next(zones)}" : null))]);

    /// <summary>The replicas of a hash: again and again the member next on the ring whose zone has the fewest so far.</summary>
    public static string[] Replicas(HashRing<Place> ring, ulong hash, int count)
    {
        var tokens = ring.Tokens().ToList();
        var preferred = tokens.Where(token => token.Token >= hash).Concat(tokens).Select(token => token.Member).DistinctBy(place => place.Name).ToList();
        string ZoneOf(Place place) => ring.Traits.HasZones ? place.Zone ?? "" : place.Name;
        var chosen = new List<Place>();
        while (chosen.Count < count && preferred.Count > 0)
        {
            var fewest = preferred.Min(place => chosen.Count(other => ZoneOf(other) == ZoneOf(place)));
            var next = preferred.First(place => chosen.Count(other => ZoneOf(other) == ZoneOf(place)) == fewest);
            chosen.Add(next);
            preferred.Remove(next);
        }

        return [.. chosen.Select(place => place.Name)];
    }

    public static string[] Names(this IEnumerable<Place> places) => [.. places.Select(place => place.Name)];

    /// <summary>The places where something may change from hash to hash: the last hash of each range that no token of one of the rings divides.</summary>
    public static ulong[] Edges(params HashRing<Place>?[] rings) =>
        [.. rings.SelectMany(ring => ring?.Tokens().Select(token => token.Token) ?? []).Append(ulong.MaxValue).Distinct().Order()];

    /// <summary>The ranges between the edges.</summary>
    public static IEnumerable<KeyRange> Ranges(params HashRing<Place>?[] rings)
    {
        var first = 0UL;
        foreach (var edge in Edges(rings))
        {
            yield return new KeyRange(first, edge);
            first = edge + 1;
        }
    }
}
