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
        Assert.Equal(3, changes.Count);
        Assert.True(changes[0].IsEmpty);
        Assert.All(changes[1].Gained, gained => Assert.Contains(Assert.Single(gained.Before).Name, new[] { "a", "b" }));
        Assert.All(changes[2].Gained, gained => Assert.Equal("b", Assert.Single(gained.Before).Name));
        Assert.Empty(changes.SelectMany(change => change.Lost));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_member_that_starts_finds_every_key_that_it_owns_at_the_members_to_fetch_from(int replicationFactor)
    {
        // As many keys as in the report; c-2 is in its slice when it lists for the first time.
        string[] keys = [.. Enumerable.Range(0, 1000).Select(i => $"user-{i}")];
        ReplicatedRing<RingMember> Before() =>
            Views("c-0 c-1 c-3").WithReplicas(replicationFactor).Select(view => view.Replicas).Wait();
        var stored = keys.SelectMany(key => Before().ReplicasOf(key).Members.Select(member => (member.Name, key))).ToHashSet();

        var change = Views("c-0 c-1 c-2 c-3").WithReplicas(replicationFactor).Ownership("c-2").Wait();
        var fetched = change.GainedFrom.SelectMany(group => keys.Where(key =>
            stored.Contains((group.From.Name, key)) && group.Ranges.Any(range => range.Contains(key)))).ToHashSet();

        var mine = keys.Where(key => change.Ring.ReplicasOf(key).Members.Any(member => member.Name == "c-2")).ToList();
        Assert.InRange(mine.Count, 150 * replicationFactor, 350 * replicationFactor);
        Assert.Equal([], mine.Except(fetched));
        Assert.Equal(mine.Count, fetched.Count);
    }

    [Fact]
    public void A_restart_with_kept_data_gains_only_what_others_left_to_it_and_loses_what_moved_while_it_was_away()
    {
        // c-1 leaves and c-4 joins while c-2 restarts.
        var before = Views("c-0 c-1 c-2 c-3").Ownership("c-2").Wait();
        var kept = before.Ring.OwnedBy("c-2").Select(owned => owned.Range).ToList();
        var moves = Views("c-0 c-1 c-2 c-3", "c-0 c-2 c-3 c-4").Ownership("c-2").Wait();
        var restarted = Views("c-0 c-2 c-3 c-4").Ownership("c-2", kept).Wait();

        Assert.NotEmpty(moves.Gained);
        Assert.NotEmpty(moves.Lost);
        Assert.Equal(Hashes(moves.Gained), Hashes(restarted.Gained));
        Assert.Equal(Hashes(moves.Lost), Hashes(restarted.Lost));
        Assert.All(restarted.Lost, lost => Assert.Equal("c-4", Assert.Single(lost.After).Name));
        Assert.True(Views("c-0 c-1 c-2 c-3").Ownership("c-2", kept).Wait().IsEmpty);
        Assert.Empty(Views("c-0 c-2 c-3 c-4").Ownership("c-2", [KeyRange.All]).Wait().Gained);

        static UInt128 Hashes(IEnumerable<RangeChange<RingMember>> changes) =>
            changes.Aggregate(UInt128.Zero, (sum, change) => sum + change.Range.Length);
    }

    [Fact]
    public void Kept_data_is_neither_lost_nor_gained_before_the_member_is_on_a_ring()
    {
        var changes = Views("a b", "a b d", "a b c d", "a b d", "a b c d").Ownership("c", [KeyRange.All]).ToList().Wait();
        Assert.Equal([true, true, false, false, false], changes.Select(change => change.IsEmpty));
        Assert.Empty(changes[2].Gained);
        Assert.NotEmpty(changes[2].Lost);
        Assert.NotEmpty(changes[3].Lost);
        Assert.NotEmpty(changes[4].Gained);
    }

    [Fact]
    public void Kept_ranges_are_read_once_and_each_subscription_starts_with_them()
    {
        var reads = 0;
        IEnumerable<KeyRange> Kept()
        {
            reads++;
            yield return KeyRange.All;
        }

        var changes = Views("a b").Ownership("a", Kept());
        Assert.Empty(changes.Wait().Gained);
        Assert.Empty(changes.Wait().Gained);
        Assert.Equal(1, reads);
    }

    [Fact]
    public void Each_change_has_the_ring_the_version_and_the_fingerprint_that_it_leads_to()
    {
        var snapshots = new[] { ("a b", "9"), ("a b c", "10"), ("a b c d", "11") }.Select(s => TopologyText.Snapshot(s.Item1, s.Item2));
        var views = snapshots.ToObservable().ToRingView().WithReplicas(2).ToList().Wait();
        var changes = views.ToObservable().Ownership("a").ToList().Wait();
        Assert.Equal(["9", "10", "11"], changes.Select(change => change.Version));
        Assert.Equal(views.Select(view => view.Fingerprint), changes.Select(change => change.Fingerprint));
        Assert.Equal(views.Select(view => view.Ring), changes.Select(change => change.Ring.Ring));
        Assert.All(changes, change => Assert.Equal(2, change.Ring.ReplicationFactor));
        Assert.True(changes[0].IsOlderThan(changes[1].Version, changes[1].Fingerprint));
        Assert.False(changes[1].IsOlderThan(changes[0].Version, changes[0].Fingerprint));
        Assert.False(changes[0].IsOlderThan("10", changes[0].Fingerprint));
        Assert.True(changes[0].Ring.TryGetOwner("user-1", out var owner));
        Assert.True(views[0].Ring.TryGetOwner("user-1", out var expected));
        Assert.Equal(expected, owner);
    }

    [Fact]
    public void With_one_replica_a_view_has_the_fingerprint_of_its_ring_and_with_more_another_one()
    {
        var view = Views("a b").Wait();
        Assert.Equal((view.Ring.Fingerprint, 1), (view.Fingerprint, view.Replicas.ReplicationFactor));
        Assert.Equal(view.Fingerprint, Views("a b").WithReplicas(1).Wait().Fingerprint);
        Assert.NotEqual(view.Fingerprint, Views("a b").WithReplicas(2).Wait().Fingerprint);
        Assert.Equal(view.Fingerprint, Views("a b").Ownership("a").Wait().Fingerprint);
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

    private static IObservable<RingView> Views(params string[] snapshots) =>
        snapshots.Select(TopologyText.Snapshot).ToObservable().ToRingView();
}
