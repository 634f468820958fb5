using System.Globalization;
using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Layouts;

public sealed class KetamaLayoutTests
{
    [Theory]
    [InlineData(KetamaVariant.Libmemcached)]
    [InlineData(KetamaVariant.Libketama)]
    [InlineData(KetamaVariant.Uhashring)]
    public void Keys_have_the_owners_that_the_golden_file_says(KetamaVariant variant)
    {
        var rings = GoldenRing.Read($"Ketama-{variant.ToString().ToLowerInvariant()}.txt").ToArray();
        Assert.True(rings.Length > 5);
        Assert.All(rings, ring => ring.Check(_ => RingLayout.Ketama(variant)));
    }

    [Theory]
    [InlineData(KetamaVariant.Libmemcached, 100, 156)]
    [InlineData(KetamaVariant.Libketama, 100, 160)]
    [InlineData(KetamaVariant.Libketama, 61, 156)]
    [InlineData(KetamaVariant.Uhashring, 100, 160)]
    [InlineData(KetamaVariant.Uhashring, 61, 160)]
    public void Equal_members_have_as_many_points_as_single_precision_leaves_them(KetamaVariant variant, int members, int points) =>
        Assert.All(Ring(variant, Nodes(members)).Tokens().CountBy(token => token.Member), member => Assert.Equal(points, member.Value));

    [Theory]
    [InlineData(KetamaVariant.Libmemcached)]
    [InlineData(KetamaVariant.Uhashring)]
    public void A_hash_that_is_a_point_belongs_to_it_or_to_the_next_one_and_hashes_after_the_last_point_to_the_first(KetamaVariant variant)
    {
        // Both ends of the space, neighbours, and one point twice.
        uint[] points = [0, 1, 2, 7, 7, 1000, 0x8000_0000, uint.MaxValue - 1, uint.MaxValue];
        for (var without = 0; without < 1 << points.Length; without += 3)
        {
            var some = points.Where((_, i) => (without & (1 << i)) == 0).ToArray();
            if (some.Length == 0)
            {
                continue;
            }

            // Each point is a member, whose identity sorts as its index.
            var ring = HashRing.Create(some.Select((point, i) => $"{i}:{point}"), new GivenPoints(variant));
            foreach (var hash in points.SelectMany(point => new[] { unchecked(point - 1), point, unchecked(point + 1) }))
            {
                var next = Array.FindIndex(some, point => variant == KetamaVariant.Uhashring ? point > hash : point >= hash);
                var expected = Math.Max(next, 0);
                Assert.True(ring.TryGetOwner(new KeyHash((ulong)hash << 32), out var owner));
                Assert.True($"{expected}:{some[expected]}" == owner, $"{variant}, points {string.Join(' ', some)}, hash {hash}: {owner}");
            }
        }
    }

    [Fact]
    public void Keys_hash_with_MD5_whichever_way_they_come()
    {
        var layout = RingLayout.Ketama(KetamaVariant.Uhashring);
        Assert.Equal(0xD98C1DD4_00000000, layout.HashOf("").Value);
        Assert.Equal(layout.HashOf("größe"u8), layout.HashOf("größe"));
        Assert.Equal(layout.HashOf("\uFFFD"), layout.HashOf("\uD834"));
        Assert.Throws<ArgumentNullException>(() => layout.HashOf((string)null!));
    }

    [Fact]
    public void Hashing_a_key_allocates_nothing()
    {
        var (layout, longKey) = (RingLayout.Ketama(KetamaVariant.Libmemcached), new string('é', 5000));
        ulong Hashes() => layout.HashOf("user-1").Value + layout.HashOf(longKey).Value + layout.HashOf("user-1"u8).Value;
        Hashes();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Hashes();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_unknown_variant_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => RingLayout.Ketama((KetamaVariant)7));

    private static HashRing<Node> Ring(KetamaVariant variant, IEnumerable<Node> nodes) =>
        HashRing.Create(nodes, node => node.Name, node => node.Weight, layout: RingLayout.Ketama(variant));

    /// <summary>A layout with one point per member, which stands after the colon of its identity.</summary>
    private sealed class GivenPoints(KetamaVariant variant) : RingLayout("GivenPoints/1")
    {
        internal override long[] CountTokens(ReadOnlySpan<int> weights) => [.. weights.ToArray().Select(_ => 1L)];

        internal override void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens) =>
            tokens[0] = KetamaLayout.TokenOf(
                uint.Parse(hashKey[(hashKey.IndexOf((byte)':') + 1)..], CultureInfo.InvariantCulture), variant);
    }
}
