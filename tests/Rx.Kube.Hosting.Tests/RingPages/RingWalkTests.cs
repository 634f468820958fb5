namespace Rx.Kube.Hosting.Tests.RingPages;

/// <summary>The walk from a key over the ring.</summary>
public sealed class RingWalkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void The_walk_meets_the_replicas_in_their_order_and_ends_with_who_comes_next(int replicas)
    {
        var ring = RingOf(7, zones: 3);
        for (var i = 0; i < 200; i++)
        {
            var walk = RingWalk.Of(ring, replicas, $"user:{i}");
            var chosen = new ReplicatedRing<RingMember>(ring, replicas).ReplicasOf($"user:{i}").Members;

            Assert.Equal(KeyHash.Of($"user:{i}"), walk.Hash);
            Assert.True(walk.Range.Contains(walk.Hash));
            Assert.Equal(chosen, walk.Replicas.Members);
            var first = walk.Steps[0];
            Assert.Equal((chosen[0], RingWalkRole.Replica, 0), (first.Member, first.Role, first.Rank));
            if (!walk.IsCut)
            {
                Assert.Equal(
                    Enumerable.Range(0, chosen.Length),
                    walk.Steps.Where(step => step.Role == RingWalkRole.Replica).Select(step => step.Rank).Order());
                Assert.All(walk.Steps.SkipLast(1), step => Assert.NotEqual(RingWalkRole.Next, step.Role));
            }
        }
    }

    [Fact]
    public void The_member_that_comes_next_owns_the_key_when_the_owner_leaves()
    {
        var ring = RingOf(5, zones: 0);
        for (var i = 0; i < 200; i++)
        {
            var walk = RingWalk.Of(ring, 1, $"user:{i}");
            Assert.Equal(RingWalkRole.Next, walk.Steps[^1].Role);
            ring.Without(walk.Replicas.Members[0]).TryGetOwner($"user:{i}", out var heir);
            Assert.Equal(heir, walk.Steps[^1].Member);
        }
    }

    [Fact]
    public void A_zone_that_has_a_replica_is_passed_over()
    {
        var roles = Enumerable.Range(0, 200).SelectMany(i => RingWalk.Of(RingOf(6, zones: 2), 2, $"user:{i}").Steps).Select(s => s.Role);

        Assert.Contains(RingWalkRole.PassedOver, roles);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_ring_of_none_or_one_has_a_walk_too(int members)
    {
        var walk = RingWalk.Of(RingOf(members, zones: 0), 3, "user:42");

        Assert.Equal(members, walk.Replicas.Members.Length);
        Assert.Equal(members, walk.Steps.Count);
    }

    [Fact]
    public void A_walk_over_many_members_is_cut() =>
        Assert.Equal(RingWalk.MaxSteps, RingWalk.Of(RingOf(500, zones: 0), 100, "user:42").Steps.Count);

    [Fact]
    public void A_single_token_is_one_step() => Assert.Single(RingWalk.Of(
        HashRing.Create([new RingMember("a")], member => member.Name, layout: RingLayout.Native(1)), 1, "user:42").Steps);

    private static HashRing<RingMember> RingOf(int members, int zones) => HashRing.Create(
        Enumerable.Range(0, members).Select(i => new RingMember($"cache-{i}", Zone: zones == 0 ? null : $"zone-{i % zones}")),
        member => member.Name, zone: zones == 0 ? null : member => member.Zone);
}
