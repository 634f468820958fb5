using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Rings;

public sealed class JumpTests
{
    [Fact]
    public void The_layout_is_that_of_the_golden_file()
    {
        var (ring, replicas) = (Jump.Create(Names(11).Reverse()), new string[12]);
        Assert.Equal(GoldenLines("Jump-1.txt", "fingerprint", 2).Single()[1], $"{ring.Fingerprint:x16}");
        foreach (var key in GoldenLines("Jump-1.txt", "key", 4))
        {
            Assert.Equal(key[1], KeyHash.Of(key[3]).ToString());
            Assert.Equal(11, ring.GetReplicas(key[3], replicas));
            Assert.Equal(key[2], string.Join(",", replicas[..11]));
        }

        // More members than the draws find.
        var (many, all) = (Jump.Create(Names(120)), new string[120]);
        foreach (var key in GoldenLines("Jump-1.txt", "many", 4))
        {
            Assert.Equal(120, many.GetReplicas(key[3], all));
            Assert.Equal(key[2], string.Join(",", all.Select(Jump.OrdinalOf)));
        }
    }

    [Fact]
    public void The_buckets_are_those_that_others_publish()
    {
        // From HashingTest of Guava, and the vectors that several Rust and Go packages share.
        int[] of100 = [0, 55, 62, 8, 45, 59, 86, 97, 82, 59, 73, 37, 17, 56, 86, 21, 90, 37, 38, 83];
        Assert.Equal(of100, of100.Select((_, i) => JumpBuckets.Find((ulong)i, 100)));
        Assert.Equal(
            [6, 3, 5, 80343, 22152, 15018, 0, 43, 361, 520],
            new (ulong Hash, int Count)[]
            {
                (10863919174838991, 11), (2016238256797177309, 11), (1673758223894951030, 11), (2, 100001), (2201, 100001), (2202, 100001),
                (1, 1), (42, 57), (0xDEAD10CC, 666), (256, 1024),
            }.Select(of => JumpBuckets.Find(of.Hash, of.Count)));
        var ring = Jump.Create(Names(100));
        Assert.Equal("cache-55", ring.TryGetOwner(new KeyHash(1), out var owner) ? owner : null);
    }

    [Fact]
    public void The_order_in_which_members_come_or_join_changes_nothing()
    {
        var (nodes, ring) = (Nodes(30), Of([]));
        var shuffled = nodes.ToArray();
        new Random(1).Shuffle(shuffled);
        foreach (var node in nodes)
        {
            ring = ring.With(node);
        }

        var shrunk = Of(Nodes(32)).Without(new("node-31")).Without(new("node-30"));
        foreach (var same in new[] { Of(nodes), Of(shuffled), ring, shrunk, Of(Nodes(50)).Only(nodes.Contains) })
        {
            Assert.Equal(ring.Fingerprint, same.Fingerprint);
            Assert.Equal(ring.Members.AsEnumerable(), same.Members);
            Assert.All(Enumerable.Range(0, 200), key => Assert.Equal(Replicas(ring, (long)key), Replicas(same, (long)key)));
        }
    }

    [Fact]
    public void A_join_takes_an_even_share_and_moves_nothing_else()
    {
        for (var count = 1; count < 40; count++)
        {
            var (before, after, moved) = (Of(Nodes(count)), Of(Nodes(count + 1)), 0);
            for (var key = 0L; key < 4000; key++)
            {
                if (OwnerOf(before, key) != OwnerOf(after, key))
                {
                    Assert.Equal($"node-{count}", OwnerOf(after, key)!.Name);
                    moved++;
                }
            }

            Assert.InRange(moved * (count + 1) / 4000.0, 0.7, 1.3);
        }
    }

    [Fact]
    public void Second_replicas_are_even_too()
    {
        var ring = Of(Nodes(10));
        var counts = Enumerable.Range(0, 20_000).CountBy(key => Replicas(ring, (long)key, 2)[1]).ToDictionary();
        Assert.All(ring.Members, node => Assert.InRange(counts[node], 1800, 2200));
    }

    [Fact]
    public void Other_ordinals_of_the_same_identities_change_the_fingerprint()
    {
        var other = Jump.Create(Nodes(5), node => node.Name, node => 4 - Jump.OrdinalOf(node.Name));
        Assert.NotEqual(Of(Nodes(5)).Fingerprint, other.Fingerprint);
        Assert.NotEqual(Of(Nodes(5)).Fingerprint, Of(Nodes(6)).Fingerprint);
        Assert.NotEqual(OwnerOf(Of(Nodes(5)), "a"), OwnerOf(other, "a"));
    }

    [Fact]
    public void A_refused_join_or_leave_says_why_and_what_to_do()
    {
        var ring = Of(Nodes(4));
        foreach (var refused in new Action[]
        {
            () => ring.With(new Node("node-5")),
            () => ring.With(new Node("other-2")),
            () => ring.Without(new Node("node-0")),
            () => ring.Without(new Node("node-2")),
            () => ring.Only(node => node.Name != "node-1"), () => Of([new Node("node-1")]), () => Of([new Node("a-0"), new Node("b-0")]),
            () => Jump.Create(Nodes(3), node => node.Name, node => -1),
        })
        {
            var message = Assert.Throws<ArgumentException>(refused).Message;
            Assert.Contains("ordinal", message);
            Assert.Contains("HashRing", message);
            Assert.Contains("HoldDepartures", message);
        }

        var changed = 0;
        var moving = Jump.Create(Nodes(3), node => node.Name, node => Jump.OrdinalOf(node.Name) + changed);
        changed = 1;
        Assert.Contains("cannot become 2", Assert.Throws<ArgumentException>(() => moving.With(new Node("node-1"))).Message);
        Assert.Throws<ArgumentException>(() => Jump.Create(["a-0", "a-0"]));
        Assert.Throws<ArgumentNullException>(() => Jump.Create(null!));
    }

    [Theory]
    [InlineData("cache-0", 0)]
    [InlineData("my-cache-12", 12)]
    [InlineData("cache-2147483647", int.MaxValue)]
    [InlineData("cache", null)]
    [InlineData("7", null)]
    [InlineData("cache-", null)]
    [InlineData("cache-01", null)]
    [InlineData("cache-x", null)]
    [InlineData("cache- 1", null)]
    [InlineData("cache-+1", null)]
    [InlineData("cache-2147483648", null)]
    [InlineData("", null)]
    public void A_name_ends_in_its_ordinal(string name, int? ordinal)
    {
        if (ordinal is { } expected)
        {
            Assert.Equal(expected, Jump.OrdinalOf(name));
        }
        else
        {
            Assert.Contains($"'{name}'", Assert.Throws<ArgumentException>(() => Jump.OrdinalOf(name)).Message);
        }
    }

    [Fact]
    public void An_empty_ring_has_no_owner()
    {
        var ring = Of(Nodes(1)).Without(new Node("node-0"));
        Assert.Null(OwnerOf(ring, "a"));
        Assert.Empty(Replicas(ring, "a"));
        Assert.Equal(Of([]).Fingerprint, ring.Fingerprint);
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"cache-{i}");

    private static Jump<Node> Of(IEnumerable<Node> nodes) => Jump.Create(nodes, node => node.Name, node => Jump.OrdinalOf(node.Name));
}
