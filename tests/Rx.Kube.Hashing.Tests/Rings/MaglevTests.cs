using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Rings;

public sealed class MaglevTests
{
    [Fact]
    public void The_tables_are_those_of_Envoy_and_the_fingerprints_those_of_the_page()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Maglev-1.txt")).Where(line => line[0] != '#')
            .ToArray();
        Assert.Equal(22, lines.Length);
        foreach (var (line, fingerprint) in lines.Chunk(2).Select(pair => (pair[0].Split(' ', 4), pair[1])))
        {
            var members = line[2].Split(',').Select(member => member.Split('=')).Select(member => new Node(member[0], int.Parse(member[1])))
                .ToArray();
            var ring = Maglev.Create(members, site => site.Name, site => site.Weight, tableSize: int.Parse(line[1]));
            var owners = OwnersOf(ring);
            Assert.Equal(
                line[3],
                line[3].Length == 16
                    ? KeyHash.Of(string.Concat(owners.Select(owner => owner + "\n"))).ToString()
                    : string.Join(" ", owners.Select(owner => Array.FindIndex(members, member => member.Name == owner))));
            Assert.Equal(fingerprint, $"fingerprint {ring.Fingerprint:x16}");
            Assert.Equal(owners[(int)(ulong.MaxValue % (ulong)ring.TableSize)], Owner(ring, new KeyHash(ulong.MaxValue)));
        }
    }

    [Fact]
    public void Members_of_equal_weight_have_almost_equally_many_places()
    {
        var places = OwnersOf(Maglev.Create(Nodes(100), site => site.Name)).CountBy(owner => owner).Select(owner => owner.Value).ToArray();
        Assert.Equal(100, places.Length);
        Assert.InRange(places.Max() - places.Min(), 0, 1);
    }

    [Fact]
    public void Places_follow_the_weights()
    {
        var ring = Maglev.Create(
            Nodes(100).Select((site, i) => site with { Weight = 1 + (i % 7) }), site => site.Name, site => site.Weight);
        var places = OwnersOf(ring).CountBy(owner => owner).ToDictionary();
        var total = ring.Members.Sum(site => site.Weight);
        Assert.All(ring.Members, site =>
            Assert.InRange(places[site.Name], (65_537.0 * site.Weight / total) - 8, (65_537.0 * site.Weight / total) + 8));
    }

    [Theory]
    [InlineData(10, 65_537, 1, 1.2)]
    [InlineData(100, 65_537, 1.3, 1.8)]
    [InlineData(100, 10_007, 2.2, 3.2)]
    public void A_change_moves_more_than_it_must_and_the_more_the_smaller_the_table_is_for_the_members(
        int count, int size, double least, double most)
    {
        var before = Maglev.Create(Nodes(count), site => site.Name, tableSize: size);
        var joined = before.With(new Node("late"));
        Assert.InRange(Moved(before, joined) * (count + 1.0) / size, least, most);
        Assert.InRange(Moved(before, before.Without(new Node("site-7"))) * (double)count / size, least, most);
        Assert.Equal(OwnersOf(before), OwnersOf(joined.Without(new Node("late"))));
    }

    [Fact]
    public void Replicas_are_the_owners_of_the_places_after_the_keys_own_and_those_without_a_place_come_last()
    {
        var ring = Maglev.Create(Nodes(9), site => site.Name, tableSize: 5);
        var owners = OwnersOf(ring);
        var placeless = Nodes(9).Select(site => site.Name).Except(owners).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(4, placeless.Length);
        for (var place = 0; place < 5; place++)
        {
            Assert.Equal([.. owners[place..], .. owners[..place], .. placeless], Replicas(ring, new KeyHash((ulong)place), 20));
        }
    }

    [Fact]
    public void Every_one_of_very_many_members_is_a_replica()
    {
        var ring = Maglev.Create(Nodes(10_000, zones: 3), site => site.Name, zone: site => site.Zone, tableSize: 7);
        Assert.Equal(200, Replicas(ring, "key", 200).Distinct().Count());
    }

    [Fact]
    public void Another_size_changes_the_fingerprint() =>
        Assert.NotEqual(Maglev.Create(["a"], tableSize: 7).Fingerprint, Maglev.Create(["a"], tableSize: 11).Fingerprint);

    [Fact]
    public void A_table_whose_size_is_not_prime_or_out_of_range_is_refused_and_told_the_next_prime()
    {
        Assert.Contains("next prime, 65537", Assert.Throws<ArgumentException>(() => Maglev.Create(["a"], tableSize: 65_536)).Message);
        Assert.Contains(
            "next prime, 5000011", Assert.Throws<ArgumentException>(() => Maglev.Create(["a"], tableSize: 5_000_010)).Message);
        Assert.Contains("next prime, 53", Assert.Throws<ArgumentException>(() => Maglev.Create(["a"], tableSize: 49)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Maglev.Create(["a"], tableSize: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Maglev.Create(["a"], tableSize: Maglev.MaxTableSize + 1));
        Assert.Equal(Maglev.MaxTableSize, Maglev.Create([], tableSize: Maglev.MaxTableSize).TableSize);
        Assert.Equal(2, Maglev.Create(["a"], tableSize: 2).TableSize);
    }

    private static string[] OwnersOf(Maglev<Node> ring) =>
        [.. Enumerable.Range(0, ring.TableSize).Select(place => Owner(ring, new KeyHash((ulong)place))!)];

    private static int Moved(Maglev<Node> from, Maglev<Node> to) =>
        OwnersOf(from).Zip(OwnersOf(to)).Count(place => place.First != place.Second);
}
