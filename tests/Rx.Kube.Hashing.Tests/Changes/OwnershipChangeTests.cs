using static Rx.Kube.Hashing.Tests.HashRings;
using static Rx.Kube.Hashing.Tests.ZonedRings;

namespace Rx.Kube.Hashing.Tests.Changes;

/// <summary>What a member gains when it joins, and from which members it can fetch that.</summary>
public sealed class OwnershipChangeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(12)]
    public void A_join_gains_all_that_the_member_holds_from_those_that_hold_it_without_the_member(int replicationFactor)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var ring = RandomRing(random, seed % 3);
            var self = new Node($"m-{random.Next(10)}");
            var join = new ReplicatedRing<Node>(ring, replicationFactor).JoinOf(self);

            var held = ring.OwnedBy(self, replicationFactor);
            Assert.Equal(
                KeyRanges.Normalized(held.Select(owned => owned.Range)), KeyRanges.Normalized(join.Gained.Select(gained => gained.Range)));
            Assert.Equal(join.Changes.Length, join.Gained.Count());
            Assert.All(join.Gained, gained => Assert.Equal(
                Replicas(ring.Without(self), gained.Range.First, replicationFactor), gained.Before.Names()));
            Assert.Same(ring, join.Ring.Ring);
            Assert.Equal((join.Ring.Fingerprint, ""), (join.Fingerprint, join.Version));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_member_gains_what_it_has_not_kept_and_loses_what_it_has_kept_and_does_not_hold(int replicationFactor)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var ring = new ReplicatedRing<Node>(RandomRing(random, seed % 3), replicationFactor);
            var self = new Node($"m-{random.Next(10)}");
            var kept = Enumerable.Range(0, random.Next(6)).Select(_ => RandomRange(random)).ToArray();
            var change = ring.JoinOf(self, kept);

            var held = ring.OwnedBy(self);
            var all = kept.Concat(held.Select(owned => owned.Range));
            ulong[] edges = [0, ulong.MaxValue, .. all.SelectMany(range => new[] { range.First, range.Last, range.Last + 1 })];
            foreach (var key in edges.Concat(Enumerable.Range(0, 50).Select(_ => RandomHash(random))).Select(hash => new KeyHash(hash)))
            {
                var (had, has) = (kept.Any(range => range.Contains(key)), held.Any(owned => owned.Range.Contains(key)));
                var here = change.Changes.Where(each => each.Range.Contains(key)).ToList();
                Assert.True(here.Count == (had == has ? 0 : 1), $"seed {seed}, {key}, had {had}, has {has}");
                Assert.Equal(had != has && has, change.Gained.Any(gained => gained.Range.Contains(key)));
                Assert.Equal(had != has && had, change.Lost.Any(lost => lost.Range.Contains(key)));
                foreach (var each in here)
                {
                    Assert.Equal(ring.ReplicasOf(key).Members.Names(), each.After.Names());
                    Assert.Equal(had ? [self.Name] : ring.Ring.Without(self) is { } rest
                        ? Replicas((HashRing<Node>)rest, key.Value, replicationFactor) : [], each.Before.Names());
                }
            }

            Assert.Equal(change.Changes.OrderBy(each => each.Range.First), change.Changes);
            Assert.Empty(change.Reranked);
        }
    }

    [Fact]
    public void A_member_that_kept_everything_gains_nothing_and_one_that_kept_nothing_loses_nothing()
    {
        var ring = new ReplicatedRing<Node>(Of(Nodes(5)), 2);
        var all = ring.JoinOf(new("node-2"), [KeyRange.All]);
        Assert.Empty(all.Gained);
        var held = ring.OwnedBy(new("node-2")).Select(owned => owned.Range);
        Assert.Equal(UInt128.One << 64, Length(all.Lost.Select(lost => lost.Range)) + Length(held));
        Assert.Equal(ring.JoinOf(new("node-2")), ring.JoinOf(new("node-2"), []));
        Assert.True(ring.JoinOf(new("node-2"), held).IsEmpty);
        Assert.True(ring.JoinOf(new("stranger")).IsEmpty);
    }

    [Fact]
    public void Where_a_ring_cannot_be_without_the_member_no_member_had_its_ranges()
    {
        var jump = new ReplicatedRing<string>(Partitions.Create(Jump.Create(["c-0", "c-1", "c-2"]), 64), 1);
        Assert.All(jump.JoinOf("c-0").Gained, gained => Assert.True(gained.Before.IsEmpty));
        Assert.NotEmpty(jump.JoinOf("c-0").Gained);
        Assert.Empty(jump.JoinOf("c-0").GainedFrom);
        Assert.All(jump.JoinOf("c-2").Gained, gained => Assert.Contains(Assert.Single(gained.Before), new[] { "c-0", "c-1" }));
    }

    [Fact]
    public void Gained_ranges_are_grouped_by_the_first_previous_member_that_is_still_there_else_by_the_first()
    {
        var before = Of(Nodes(4));
        var after = before.Without(new("node-0")).With(new("node-9"));
        var change = after.DiffFrom(before, replicationFactor: 2).OwnershipOf(new("node-9"));
        var expected = new SortedDictionary<string, List<KeyRange>>(StringComparer.Ordinal);
        foreach (var gained in change.Gained)
        {
            var from = gained.Before.Names().FirstOrDefault(name => name != "node-0", "node-0");
            (expected.TryGetValue(from, out var ranges) ? ranges : expected[from] = []).Add(gained.Range);
        }

        Assert.Equal(["node-1", "node-2", "node-3"], expected.Keys);
        Assert.Equal(expected.Keys, change.GainedFrom.Select(group => group.From.Name));
        Assert.All(change.GainedFrom, group => Assert.Equal(KeyRanges.Normalized(expected[group.From.Name]), group.Ranges));

        // With one replica, a member that left may be the only one that has it: while it drains, it can still be asked.
        var alone = after.DiffFrom(before).OwnershipOf(new("node-9"));
        var gone = alone.Gained.Where(gained => gained.Before[0].Name == "node-0").Select(gained => gained.Range).ToList();
        Assert.NotEmpty(gone);
        Assert.Equal(KeyRanges.Normalized(gone), Assert.Single(alone.GainedFrom, group => group.From.Name == "node-0").Ranges);
        Assert.Equal(Length(alone.Gained.Select(g => g.Range)), Length(alone.GainedFrom.SelectMany(group => group.Ranges)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_member_holds_a_key_if_it_is_one_of_its_replicas_on_the_new_ring(int replicationFactor)
    {
        var before = Of(Nodes(4));
        var change = before.With(new("node-9")).DiffFrom(before, replicationFactor).OwnershipOf(new("node-1"));
        var keys = Enumerable.Range(0, 1000).Select(i => $"key-{i}").ToList();
        var held = keys.Where(key => change.Ring.ReplicasOf(key).Members.Names().Contains("node-1")).ToList();

        Assert.InRange(held.Count, 100 * replicationFactor, 300 * replicationFactor);
        Assert.Equal(held, keys.Where(key => change.Holds(key)));
        Assert.True(change.IsMember);
        Assert.Equal(["node-0", "node-1", "node-2", "node-3", "node-9"], change.Ring.Members.Select(member => member.Name).Order());

        var left = before.Without(new("node-1")).DiffFrom(before, replicationFactor).OwnershipOf(new("node-1"));
        Assert.False(left.IsMember);
        Assert.DoesNotContain(keys, key => left.Holds(key));
        Assert.All(keys.Where(key => left.Lost.Any(lost => lost.Range.Contains(key))), key => Assert.False(left.Holds(key)));
    }

    [Fact]
    public void The_first_member_has_no_member_to_fetch_from()
    {
        var join = new ReplicatedRing<Node>(Of(Nodes(1)), 1).JoinOf(new("node-0"));
        Assert.Equal(KeyRange.All, Assert.Single(join.Gained).Range);
        Assert.Empty(join.GainedFrom);
    }

    [Fact]
    public void Changes_are_equal_by_content()
    {
        OwnershipChange<Node> Change(int count, string self) => new ReplicatedRing<Node>(Of(Nodes(count)), 2).JoinOf(new(self));
        Assert.Equal(Change(3, "node-1"), Change(3, "node-1"));
        Assert.Equal(Change(3, "node-1").GetHashCode(), Change(3, "node-1").GetHashCode());
        Assert.NotEqual(Change(3, "node-1"), Change(4, "node-1"));
        Assert.NotEqual(Change(3, "stranger"), Change(4, "stranger"));
        Assert.NotEqual(Change(3, "node-1"), Change(3, "node-1") with { Version = "17" });
        Assert.Equal(Change(3, "node-1").GainedFrom, Change(3, "node-1").GainedFrom);
    }

    private static KeyRange RandomRange(Random random)
    {
        var (one, two) = (RandomHash(random), RandomHash(random));
        return random.Next(5) == 0 ? new(one, ulong.MaxValue) : new(Math.Min(one, two), Math.Max(one, two));
    }

    private static UInt128 Length(IEnumerable<KeyRange> ranges) => ranges.Aggregate(UInt128.Zero, (sum, range) => sum + range.Length);
}
