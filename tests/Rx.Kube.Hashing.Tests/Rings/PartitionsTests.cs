using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Rings;

public sealed class PartitionsTests
{
    [Fact]
    public void The_layout_is_that_of_the_golden_file_with_and_without_a_bound()
    {
        Node[] nodes = [new("größe-0"), new("beta", 2), new("alpha"), new("a-name-longer-than-thirty-two-bytes", 3)];
        var inner = AnchorTests.ChangedAsInTheGoldenFile(Anchor.Create(nodes, node => node.Name, node => node.Weight, capacity: 24));
        var (free, bounded) = (Partitions.Create(inner, 30), Partitions.Create(inner, 30, maxImbalance: 0.05));
        foreach (var (kind, ring) in new[] { ("free", free), ("bounded", bounded) })
        {
            Assert.Equal(GoldenLines("Partitions-1.txt", "fingerprint", 3).Single(line => line[1] == kind)[2], $"{ring.Fingerprint:x16}");
            foreach (var line in GoldenLines("Partitions-1.txt", "partition", 6).Where(line => line[1] == kind))
            {
                var range = ring.PartitionRange(int.Parse(line[2], System.Globalization.CultureInfo.InvariantCulture));
                Assert.Equal($"[{line[3]}, {line[4]}]", range.ToString());
                Assert.Equal(line[5], string.Join(",", Replicas(ring, new KeyHash(range.First)).Select(node => node.Name)));
            }
        }
    }

    [Fact]
    public void Partitions_tile_all_hashes_without_a_gap_or_an_overlap_and_differ_in_length_by_one_at_most()
    {
        foreach (var count in new[] { 1, 2, 3, 7, 64, 100, 641, 4095, 4096, 65_537, Partitions.MaxCount - 1, Partitions.MaxCount })
        {
            var (ring, least, next) = (Partitions.Create(Of(), count), ((UInt128)1 << 64) / (uint)count, UInt128.Zero);
            for (var partition = 0; partition < count; partition++)
            {
                var range = ring.PartitionRange(partition);
                if (range.First != (ulong)next || range.Length - least > 1 || ring.PartitionOf(new(range.First)) != partition
                    || ring.PartitionOf(new(range.Last)) != partition || ring.RangeOf(new(range.First)) != range
                        || ring.RangeOf(new(range.Last)) != range)
                {
                    Assert.Fail($"{partition} of {count} is {range}");
                }

                // Of very many partitions, the ones at both ends and some between.
                var step = count > 10_000 && partition > 100 && partition < count - 5000 ? 977 : 1;
                next = step == 1 ? next + range.Length : ring.PartitionRange(partition + step).First;
                partition += step - 1;
            }

            Assert.Equal((UInt128)1 << 64, next);
        }
    }

    [Fact]
    public void A_key_has_the_replicas_that_the_inner_ring_has_for_its_partition()
    {
        const int seed = 3;
        var random = new Random(seed);
        foreach (var inner in Inner(9))
        {
            var ring = Partitions.Create(inner, 100);
            for (var run = 0; run < 300; run++)
            {
                var key = new KeyHash(RandomHash(random));
                Assert.True(Replicas(inner, (long)ring.PartitionOf(key)).SequenceEqual(Replicas(ring, key)), $"seed {seed}: {key}");
            }

            ReplicaAssert.DistinctAndBeginWithTheOwner(ring, seed);
            ReplicaAssert.DistinctAndBeginWithTheOwner(Partitions.Create(inner, 100, 0.01), seed);
        }
    }

    [Fact]
    public void Replicas_are_spread_over_zones_also_when_the_bound_chooses_another_owner()
    {
        var inner = HashRing.Create(
            Nodes(13), node => node.Name, zone: node => $"zone-{node.Name[^1] % 7 % 3}", layout: RingLayout.Native(4));
        ReplicaAssert.SpreadOverZones(Partitions.Create(inner, 200), seed: 1);
        ReplicaAssert.SpreadOverZones(Partitions.Create(inner, 200, maxImbalance: 0), seed: 1, keys: 200);
    }

    [Fact]
    public void With_a_bound_the_owner_comes_first_then_the_inner_rings_replicas_and_the_rule_of_zones_applies_again()
    {
        var sites = AlgorithmRings.RandomNodes(new Random(5), 9);
        var inner = Rendezvous.Create(sites, site => site.Name, site => site.Weight, site => site.Zone);
        var ring = Partitions.Create(inner, 512, maxImbalance: 0);
        var moved = 0;
        for (var partition = 0; partition < ring.Count; partition++)
        {
            var given = AlgorithmRings.Replicas(inner, KeyHash.Of((long)partition), 9);
            var replicas = AlgorithmRings.Replicas(ring, new KeyHash(ring.PartitionRange(partition).First), 9);
            string[] preferred = [replicas[0], .. given.Where(name => name != replicas[0])];
            var zoneOf = sites.ToDictionary(site => site.Name, site => site.Zone);
            var spread = preferred.GroupBy(name => zoneOf[name]).SelectMany(zone => zone.Select((name, nth) => (name, nth)))
                .OrderBy(each => each.nth).ThenBy(each => Array.IndexOf(preferred, each.name)).Select(each => each.name);
            Assert.Equal(replicas[0] == given[0] ? given : spread, replicas);
            moved += replicas[0] == given[0] ? 0 : 1;
        }

        Assert.InRange(moved, 10, 500);
    }

    [Fact]
    public void Owned_ranges_shares_and_moves_agree_with_asking_for_every_partition()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var count = random.Next(1, 300);
            Node[] Some() => [.. Nodes(10).Where(_ => random.Next(4) > 0).Select(node => node with { Weight = random.Next(1, 4) })];
            double? bound = seed % 2 == 0 ? null : 0.1;
            var (from, to) = (Partitions.Create(Of(Some()), count, bound), Partitions.Create(Of(Some()), count, bound));
            var (moves, diff, moved) = (to.DiffFrom(from).Moves, to.DiffFrom(from, 2), 0.0);
            for (var partition = 0; partition < count; partition++)
            {
                var range = to.PartitionRange(partition);
                foreach (var hash in new[] { range.First, range.Last })
                {
                    var (old, now) = (OwnerOf(from, new KeyHash(hash)), OwnerOf(to, new KeyHash(hash)));
                    var move = moves.SingleOrDefault(m => m.Range.Contains(new KeyHash(hash)));
                    Assert.True(
                        old?.Name == now?.Name ? move == default : (move.From, move.To) == (old, now),
                        $"seed {seed}, partition {partition}");
                    Assert.True(
                        to.OwnedBy(now!).Count(owned => owned.Range.Contains(new KeyHash(hash))) == 1,
                        $"seed {seed}, partition {partition}");
                }

                var before = Replicas(from, new KeyHash(range.First), 2).Select(node => node.Name);
                moved += (double)range.Length / Math.Pow(2, 65) * Replicas(to, new KeyHash(range.First), 2)
                    .Count(node => !before.Contains(node.Name));
            }

            Assert.Equal(moved, diff.MovedFraction, 9);
            Assert.All(to.Shares(), share => Assert.Equal(
                Enumerable.Range(0, count)
                    .Count(p => OwnerOf(to, new(to.PartitionRange(p).First)) == share.Member) / (double)count, share.Share, 9));
        }
    }

    [Fact]
    public void Every_history_ends_in_the_ring_that_a_fresh_start_builds()
    {
        foreach (var bound in new double?[] { null, 0.1 })
        {
            var (random, ring, now) = (new Random(8), Partitions.Create(Of(), 50, bound), new Dictionary<string, Node>());
            for (var step = 0; step < 60; step++)
            {
                var node = new Node($"node-{random.Next(8)}", random.Next(1, 4));
                var joins = random.Next(5) < 3;
                ring = joins ? ring.With(node) : ring.Without(node);
                _ = joins ? now[node.Name] = node : now.Remove(node.Name) ? null : null;
                var fresh = Partitions.Create(Of(now.Values), 50, bound);
                foreach (var same in new[] { fresh, fresh.With(new Node("late", 9)).Only(other => other.Name != "late") })
                {
                    Assert.Equal(same.Fingerprint, ring.Fingerprint);
                    Assert.All(Enumerable.Range(0, 50), partition => Assert.Equal(
                        Replicas(same, new KeyHash(ring.PartitionRange(partition).First)),
                        Replicas(ring, new KeyHash(ring.PartitionRange(partition).First))));
                }
            }
        }
    }

    [Fact]
    public void With_a_bound_no_member_owns_more_and_a_partition_keeps_its_first_choice_while_there_is_room()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (random, millionths) = (new Random(seed), new[] { 0, 10_000, 100_000, 500_000 }[seed % 4]);
            Node[] nodes = [.. Nodes(random.Next(1, 30)).Select(node => node with { Weight = random.Next(1, 4) })];
            var (inner, count, given) = (Of(nodes), random.Next(1, 600), nodes.ToDictionary(node => node, _ => 0));
            var ring = Partitions.Create(inner, count, millionths / 1e6);
            var weights = nodes.Sum(node => node.Weight);
            long Most(Node node) =>
                (((1_000_000L + millionths) * node.Weight * count) + (1_000_000L * weights) - 1) / (1_000_000L * weights);
            for (var partition = 0; partition < count; partition++)
            {
                var owner = OwnerOf(ring, new KeyHash(ring.PartitionRange(partition).First))!;
                Assert.True(
                    Replicas(inner, (long)partition).First(node => given[node] < Most(node)) == owner,
                    $"seed {seed}, partition {partition}");
                given[owner]++;
            }

            Assert.All(given, of => Assert.True(of.Value <= Most(of.Key), $"seed {seed}: {of}"));
        }
    }

    [Fact]
    public void A_join_moves_only_the_newcomers_partitions_and_with_a_bound_some_more()
    {
        foreach (var count in new[] { 10, 30 })
        {
            var inner = HashRing.Create(Nodes(count), node => node.Name);
            Assert.Equal(0, Partitions.Create(inner).With(new Node("late")).DiffFrom(Partitions.Create(inner)).NeedlessFraction);
            foreach (var (imbalance, most) in new[] { (0.25, 1.2), (0.1, 1.3), (0.02, 1.6), (0.0, 1.7) })
            {
                var bounded = Partitions.Create(inner, 4096, imbalance);
                var join = bounded.With(new Node("late")).DiffFrom(bounded);
                var leave = bounded.Without(new Node("node-3")).DiffFrom(bounded);
                Assert.InRange(join.MovedFraction / join.IdealFraction, 0.8, most);
                Assert.InRange(leave.MovedFraction / leave.IdealFraction, 0.8, most);
            }
        }
    }

    [Fact]
    public void Another_count_bound_or_inner_ring_changes_the_fingerprint()
    {
        var inner = Of(Nodes(5));
        ulong[] fingerprints =
        [
            inner.Fingerprint,
            Partitions.Create(inner).Fingerprint,
            Partitions.Create(inner, 4097).Fingerprint,
            Partitions.Create(inner, 4096, 0).Fingerprint,
            Partitions.Create(inner, 4096, 0.1).Fingerprint,
            Partitions.Create(Of(Nodes(6))).Fingerprint,
            Partitions.Create(inner.With(new("node-1", 2))).Fingerprint,
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
        Assert.Equal(Partitions.Create(inner).Fingerprint, Partitions.Create(Of(Nodes(5))).Fingerprint);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        var inner = Of(Nodes(3));
        foreach (var count in new[] { 0, -1, Partitions.MaxCount + 1 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Partitions.Create(inner, count));
        }

        foreach (var imbalance in new[] { -0.1, double.NaN, double.PositiveInfinity, 1000.1 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Partitions.Create(inner, 10, imbalance));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Partitions.Create(inner, 10).PartitionRange(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Partitions.Create(inner, 10).PartitionRange(-1));
        Assert.Throws<ArgumentNullException>(() => Partitions.Create<Node>(null!));
    }

    private static IEnumerable<IRing<Node>> Inner(int count) =>
    [
        Of(Nodes(count)),
        Jump.Create(Nodes(count), node => node.Name, node => Jump.OrdinalOf(node.Name)),
        Anchor.Create(Nodes(count), node => node.Name),
        Partitions.Create(Of(Nodes(count)), 7),
    ];
}
