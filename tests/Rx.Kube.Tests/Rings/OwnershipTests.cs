using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Tests.Operators;

namespace Rx.Kube.Tests.Rings;

/// <summary>The changes for a member add up to what it holds.</summary>
public sealed class OwnershipTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Applied_one_after_another_the_changes_give_what_the_member_holds_and_in_which_rank(int replicationFactor)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            using var rings = new Subject<IRangedRing<RingMember>>();
            var keys = Enumerable.Range(0, 100).Select(_ => new KeyHash((ulong)random.NextInt64() * 2)).ToArray();
            var mine = new Dictionary<KeyHash, int>();
            using var subscription = rings.WithReplicas(replicationFactor).Ownership("m-1").Subscribe(change =>
            {
                var byKey = keys.SelectMany(
                    key => change.Changes.Where(each => each.Range.Contains(key)), (key, each) => (key, each));
                foreach (var (key, each) in byKey)
                {
                    Assert.Equal(each.RankBefore, mine.TryGetValue(key, out var rank) ? rank : null);
                    _ = each.RankAfter is { } now ? mine[key] = now : mine.Remove(key) ? 0 : 0;
                }
            });
            for (var step = 0; step < 10; step++)
            {
                var ring = HashRing.Create(
                    Enumerable.Range(0, 6).Where(_ => random.Next(4) > 0)
                        .Select(i => new RingMember($"m-{i}", random.Next(1, 4), random.Next(2) == 0 ? "x" : "y")),
                    member => member.Name, member => member.Weight, member => member.Zone, RingLayout.Native(8));
                rings.OnNext(ring);
                var held = ring.OwnedBy("m-1", replicationFactor);
                var expected = keys
                    .Select(key => (key, rank: held.Where(owned => owned.Range.Contains(key)).Select(owned => (int?)owned.Rank)
                        .SingleOrDefault()))
                    .Where(each => each.rank is not null).ToDictionary(each => each.key, each => each.rank!.Value);
                Assert.True(expected.OrderBy(h => h.Key.Value).SequenceEqual(mine.OrderBy(h => h.Key.Value)), $"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public void Gained_ranges_name_the_members_before_and_lost_ranges_the_members_now()
    {
        var snapshots = new[] { "a b", "a b c", "a c" }.Select(TopologyText.Snapshot);
        var changes = snapshots.ToObservable().ToHashRing().Ownership("c").ToList().Wait();
        Assert.Equal(2, changes.Count);
        Assert.All(changes[0].Gained, gained => Assert.Contains(Assert.Single(gained.Before).Name, new[] { "a", "b" }));
        Assert.All(changes[1].Gained, gained => Assert.Equal("b", Assert.Single(gained.Before).Name));
        Assert.Empty(changes.SelectMany(change => change.Lost));
    }

    [Fact]
    public void Another_number_of_replicas_is_an_error()
    {
        var ring = LetterRing.Of(3);
        Assert.Throws<ArgumentException>(() =>
            new[] { new ReplicatedRing<RingMember>(ring, 1), new(ring, 2) }.ToObservable().Ownership("a").Wait());
    }

    [Fact]
    public void Rings_of_any_member_type_work() =>
        Assert.Single(Observable.Return(HashRing.Create(["a", "b"])).Ownership("a").ToEnumerable());
}
