using static Rx.Kube.Hashing.Tests.HashRings;
using static Rx.Kube.Hashing.Tests.ZonedRings;

namespace Rx.Kube.Hashing.Tests.Changes;

/// <summary>A difference equals a comparison hash by hash, for all ranks and for each member.</summary>
public sealed class RingDiffTests
{
    public static TheoryData<int, int> ReplicasAndZones
    {
        get
        {
            var all = new TheoryData<int, int>();
            foreach (var replicas in new[] { 1, 2, 3, 4 })
            {
                all.Add(replicas, 0);
                all.Add(replicas, 3);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(ReplicasAndZones))]
    public void Changes_are_exactly_the_hashes_whose_replicas_differ(int replicas, int zones) => ForPairs(zones, (from, to, what) =>
    {
        var changes = to.DiffFrom(from, replicas).Changes;
        foreach (var hash in Ranges(from, to).SelectMany(range => new[] { range.First, range.Last }))
        {
            var (before, after) = (from is null ? [] : Replicas(from, hash, replicas), Replicas(to, hash, replicas));
            var change = changes.Where(each => each.Range.Contains(new KeyHash(hash))).ToList();
            Assert.True(change.Count == (before.SequenceEqual(after) ? 0 : 1), $"{what}, hash {hash}");
            Assert.All(change, each => Assert.Equal([before, after], new[] { each.Before.Names(), each.After.Names() }));
        }

        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.True(
            pair.First.Range.Last + 1 < pair.Second.Range.First ||
            (pair.First.Range.Last < pair.Second.Range.First &&
                (!pair.First.Before.Names().SequenceEqual(pair.Second.Before.Names())
                    || !pair.First.After.Names().SequenceEqual(pair.Second.After.Names()))), what));
    });

    [Theory]
    [MemberData(nameof(ReplicasAndZones))]
    public void Moves_are_exactly_the_hashes_that_have_another_replica_of_a_rank(int replicas, int zones) =>
        ForPairs(zones, (from, to, what) =>
    {
        var moves = to.DiffFrom(from, replicas).Moves;
        foreach (var hash in Ranges(from, to).SelectMany(range => new[] { range.First, range.Last }))
        {
            var (before, after) = (from is null ? [] : Replicas(from, hash, replicas), Replicas(to, hash, replicas));
            for (var rank = 0; rank < replicas; rank++)
            {
                var (was, now) = (before.ElementAtOrDefault(rank), after.ElementAtOrDefault(rank));
                var said = moves.Where(move => move.Rank == rank && move.Range.Contains(new KeyHash(hash)))
                    .Select(move => (move.From?.Name, move.To?.Name));
                Assert.True(said.SequenceEqual(was == now ? [] : [(was, now)]), $"{what}, hash {hash}, rank {rank}");
            }
        }

        Assert.Equal(moves.OrderBy(move => move.Range.First).ThenBy(move => move.Rank), moves);
        Assert.All(moves.GroupBy(move => move.Rank).SelectMany(rank => rank.Zip(rank.Skip(1))), pair => Assert.True(
            pair.First.Range.Last + 1 != pair.Second.Range.First
                || (pair.First.From, pair.First.To) != (pair.Second.From, pair.Second.To), what));
    });

    [Theory]
    [MemberData(nameof(ReplicasAndZones))]
    public void The_change_for_a_member_is_the_difference_of_the_ranges_that_it_holds(int replicas, int zones) =>
        ForPairs(zones, (from, to, what) =>
    {
        foreach (var self in Enumerable.Range(0, 11).Select(i => new Node($"m-{i}")))
        {
            var change = to.DiffFrom(from, replicas).OwnershipOf(self);
            Assert.Equal((self, change.Changes.IsEmpty), (change.Self, change.IsEmpty));
            Assert.Equal(change.Changes.Length, change.Gained.Count() + change.Lost.Count() + change.Reranked.Count());
            foreach (var hash in Ranges(from, to).SelectMany(range => new[] { range.First, range.Last }))
            {
                var (before, after) = (from is null ? [] : Replicas(from, hash, replicas), Replicas(to, hash, replicas));
                var (was, now) = (Array.IndexOf(before, self.Name), Array.IndexOf(after, self.Name));
                var said = change.Changes.Where(each => each.Range.Contains(new KeyHash(hash)))
                    .Select(each => (each.RankBefore ?? -1, each.RankAfter ?? -1));
                Assert.True(said.SequenceEqual(was == now ? [] : [(was, now)]), $"{what}, hash {hash}, {self.Name}");
            }
        }
    });

    [Theory]
    [MemberData(nameof(ReplicasAndZones))]
    public void The_fraction_moved_is_the_share_of_replicas_that_are_with_a_new_member(int replicas, int zones) =>
        ForPairs(zones, (from, to, what) =>
    {
        var copies = Ranges(from, to).Sum(range =>
            (double)range.Length
                * Replicas(to, range.First, replicas).Except(from is null ? [] : Replicas(from, range.First, replicas)).Count());
        var all = Math.Pow(2, 64) * Math.Min(replicas, to.Members.Length);
        var diff = to.DiffFrom(from, replicas);
        Assert.True(Math.Abs((all == 0 ? 0 : copies / all) - diff.MovedFraction) < 1e-12, what);
        Assert.InRange(diff.MovedFraction, 0, 1);
        Assert.InRange(diff.IdealFraction, 0, 1 + 1e-12);
        Assert.InRange(diff.NeedlessFraction, 0, diff.MovedFraction);
    });

    [Fact]
    public void Equal_differences_have_equal_changes()
    {
        (ReplicaChange<string> Changed, OwnershipChange<string> Of, ReplicationSet<string> Set) Values(string newcomer)
        {
            var before = HashRing.Create(["a", "b"], RingLayout.Native(8));
            var after = before.With(newcomer);
            var diff = after.DiffFrom(before, 2);
            return (diff.Changes[0], diff.OwnershipOf("a"), new ReplicatedRing<string>(after, 2).ReplicasOf("key"));
        }

        Assert.Equal(Values("c"), Values("c"));
        Assert.Equal(Values("c").GetHashCode(), Values("c").GetHashCode());
        Assert.NotEqual(Values("c").Changed, Values("d").Changed);
        Assert.NotEqual(Values("c").Of, Values("d").Of);
        Assert.All(Values("c").Of.Changes.Zip(Values("c").Of.Changes), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void The_fraction_moved_is_what_random_keys_do()
    {
        const int seed = 11;
        var (random, from) = (new Random(seed), With(false, Enumerable.Range(0, 20).Select(i => new Node($"m-{i}")), tokens: 100));
        var to = from.With(new("late", 5)).Without(new("m-3"));
        var moved = Enumerable.Range(0, 40_000).Count(_ => new KeyHash(RandomHash(random)) is var key
            && from.TryGetOwner(key, out var was) && to.TryGetOwner(key, out var now) && was != now);
        Assert.InRange(moved / 40_000.0 - to.DiffFrom(from).MovedFraction, -0.01, 0.01);
    }

    [Fact]
    public void The_least_that_must_be_copied_follows_from_weights_and_a_member_holds_no_key_twice()
    {
        var three = Zoned(new("a"), new("b"), new Node("c"));
        var four = three.With(new("d"));
        Assert.Equal(1, three.DiffFrom(null, 2).IdealFraction, 12);
        Assert.Equal(0.25, four.DiffFrom(three).IdealFraction, 12);
        Assert.Equal(0.25, four.DiffFrom(three, 3).IdealFraction, 12);

        // From three members to two, with three replicas: both already have every key.
        Assert.Equal(0, three.Without(new("c")).DiffFrom(three, 3).IdealFraction, 12);
        Assert.Equal(0, three.Without(new("c")).DiffFrom(three, 3).MovedFraction);

        // One of two replicas is always with the heavy member: the light members share the other one, whatever its weight.
        var heavy = Zoned(new("a", 1000), new("b"), new Node("c"));
        Assert.Equal(0, heavy.DiffFrom(Zoned(new("a", 500), new("b"), new Node("c")), 2).IdealFraction, 12);
        Assert.Equal(0, Zoned().DiffFrom(Zoned()).IdealFraction);
        Assert.Equal(0, Zoned().DiffFrom(three, 3).IdealFraction);
        Assert.Equal(0, Zoned().DiffFrom(three, 3).MovedFraction);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void With_the_native_layout_nothing_moves_needlessly(int zones)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var ring = RandomRing(random, zones);
            var place = new Node($"m-{random.Next(10)}", random.Next(1, 6), zones > 0 ? $"z-{random.Next(zones)}" : null);
            var next = random.Next(3) == 0 ? ring.Without(place) : ring.With(place);
            for (var replicas = 1; replicas <= 4; replicas++)
            {
                Assert.True(next.DiffFrom(ring, replicas).NeedlessFraction == 0,
                    $"seed {seed}, {replicas} replicas, {place} of {string.Join(' ', ring.Members)}");
            }
        }
    }

    [Fact]
    public void A_move_between_unchanged_members_is_needless()
    {
        var from = HashRing.Create(["a", "b"], layout: RingLayout.Native(8));
        var to = HashRing.Create(["a", "b"], layout: RingLayout.Native(9));
        var diff = to.DiffFrom(from);
        Assert.True(diff.MovedFraction > 0);
        Assert.Equal(diff.MovedFraction, diff.NeedlessFraction);
        Assert.Equal(0, diff.IdealFraction);
    }

    // Random rings, sometimes without one before.
    private static void ForPairs(int zones, Action<HashRing<Node>?, HashRing<Node>, string> check)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            check(seed % 6 == 5 ? null : RandomRing(random, zones), RandomRing(random, zones), $"seed {seed}");
        }

        check(Zoned(), Zoned(), "nobody before and after");
        check(RandomRing(new Random(1), zones), Zoned(), "nobody after");
        check(Zoned(), RandomRing(new Random(1), zones), "nobody before");
        check(RandomRing(new Random(1), zones), RandomRing(new Random(1), zones), "the same");
    }
}
