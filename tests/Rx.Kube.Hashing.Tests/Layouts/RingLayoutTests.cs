using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Layouts;

/// <summary>The laws of all layouts, and their differences.</summary>
public sealed class RingLayoutTests
{
    private static readonly RingLayout[] Compatible =
    [
        RingLayout.Ketama(KetamaVariant.Libmemcached),
        RingLayout.Ketama(KetamaVariant.Libketama),
        RingLayout.Ketama(KetamaVariant.Uhashring),
        RingLayout.Envoy(), RingLayout.Envoy(100), RingLayout.Grpc(), RingLayout.Grpc(5, 7), RingLayout.Grpc(1, 1),
    ];

    [Fact]
    public void Every_history_ends_in_the_ring_that_a_fresh_start_builds()
    {
        foreach (var layout in Compatible)
        {
            for (var seed = 0; seed < 3; seed++)
            {
                var random = new Random(seed);
                var (ring, now) = (Ring(layout), new Dictionary<string, Node>());
                for (var step = 0; step < 16; step++)
                {
                    var node = new Node($"node-{random.Next(12)}", random.Next(2) == 0 ? 1 : random.Next(1, 1001), $"10.0.0.{step}");
                    var joins = random.Next(5) < 3;
                    ring = joins ? ring.With(node) : ring.Without(node);
                    _ = joins ? now[node.Name] = node : now.Remove(node.Name) ? null : null;
                    var fresh = Ring(layout, now.Values.OrderBy(_ => random.Next()));
                    Assert.True(
                        fresh.Fingerprint == ring.Fingerprint && fresh.Members.SequenceEqual(ring.Members),
                        $"{layout}, seed {seed}, step {step}");
                    Assert.True(fresh.Tokens().SequenceEqual(ring.Tokens()), $"{layout}, seed {seed}, step {step}: tokens");
                    Assert.True(Replicas(fresh) == Replicas(ring), $"{layout}, seed {seed}, step {step}: replicas");
                }
            }
        }
    }

    [Fact]
    public void Replicas_are_all_members_if_so_many_are_asked_for_even_those_that_own_nothing()
    {
        foreach (var layout in Compatible)
        {
            foreach (var zones in new[] { 0, 1, 3 })
            {
                Node[] nodes = [new("tiny"), new("small", 2), .. Nodes(9).Select(node => node with { Weight = RingLimits.MaxWeight })];
                var ring = HashRing.Create(
                    nodes, node => node.Name, node => node.Weight, zones == 0 ? null : node => $"{node.Name.Length % zones}", layout);
                var replicas = new Node[20];
                Assert.Equal(11, ring.GetReplicas("any key", replicas));
                Assert.Equal(11, replicas[..11].Distinct().Count());
            }
        }
    }

    [Fact]
    public void Another_layout_or_parameter_changes_the_fingerprint()
    {
        RingLayout[] layouts = [RingLayout.Default, RingLayout.Native(40), .. Compatible];
        Assert.Equal(layouts.Length, layouts.Select(layout => Ring(layout, Nodes(3)).Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Envoy_and_gRPC_with_the_same_sizes_agree_and_say_so() =>
        Assert.Equal(Text(Ring(RingLayout.Envoy(100, 4096), Nodes(9))), Text(Ring(RingLayout.Grpc(100, 4096), Nodes(9))));

    [Fact]
    public void A_layout_whose_token_counts_depend_on_all_weights_moves_keys_that_the_native_layout_keeps()
    {
        // envoy#22558: one of ten members of weight 100 goes down to 1.
        double Needless(RingLayout layout)
        {
            var ring = Ring(layout, Nodes(10).Select(node => node with { Weight = 100 }));
            return ring.With(new Node("node-4", 1)).DiffFrom(ring).NeedlessFraction;
        }

        Assert.Equal(0, Needless(RingLayout.Default));
        Assert.InRange(Needless(RingLayout.Envoy()), 0.35, 0.36);
        Assert.All(Compatible[..3], ketama => Assert.InRange(Needless(ketama), 0.06, 0.07));
    }

    [Fact]
    public void A_join_or_leave_can_move_keys_between_others_in_a_layout_whose_token_counts_depend_on_all_weights()
    {
        double Needless(RingLayout layout, int count, int weight)
        {
            var ring = Ring(layout, Nodes(count));
            var joined = ring.With(new Node("late", weight));
            return Math.Max(joined.DiffFrom(ring).NeedlessFraction, ring.DiffFrom(joined).NeedlessFraction);
        }

        Assert.Equal(0, Needless(RingLayout.Default, 10, 3));
        Assert.InRange(Needless(RingLayout.Envoy(), 10, 1), 0.07, 0.09);
        Assert.Equal(0, Needless(RingLayout.Ketama(KetamaVariant.Uhashring), 10, 1));
    }

    [Fact]
    public void Keys_of_any_other_layout_than_ketama_hash_as_they_do_by_themselves() =>
        Assert.All(new[] { RingLayout.Default, RingLayout.Envoy(), RingLayout.Grpc() }, layout =>
        {
            Assert.Equal(KeyHash.Of("größe"), layout.HashOf("größe"));
            Assert.Equal(KeyHash.Of("größe"), layout.HashOf("größe"u8));
        });

    private static HashRing<Node> Ring(RingLayout layout, params IEnumerable<Node> nodes) =>
        HashRing.Create(nodes, node => node.Name, node => node.Weight, layout: layout);

    private static string Replicas(HashRing<Node> ring)
    {
        var replicas = new Node[ring.Members.Length];
        return string.Join(' ', Enumerable.Range(0, 5).Select(key =>
        {
            ring.GetReplicas($"key-{key}", replicas);
            return string.Join(',', replicas.Select(node => node.Name));
        }));
    }
}
