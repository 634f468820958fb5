using ShardedCache.Data;

namespace Rx.Kube.ShardedCache.Tests;

/// <summary>Sets of ranges, beside sets of single hashes.</summary>
public sealed class RangeSetTests
{
    [Fact]
    public void Sets_of_ranges_contain_what_sets_of_hashes_contain()
    {
        var random = new Random(5);
        for (var run = 0; run < 2000; run++)
        {
            var (left, right) = (Draw(random), Draw(random));
            Assert.All(Hashes, hash =>
            {
                var (inLeft, inRight) = (left.Contains(hash), right.Contains(hash));
                Assert.Equal(inLeft || inRight, left.Union(right).Contains(hash));
                Assert.Equal(inLeft && inRight, left.Intersect(right).Contains(hash));
                Assert.Equal(inLeft && !inRight, left.Except(right).Contains(hash));
            });
        }
    }

    // Small hashes, and the largest ones.
    private static IEnumerable<KeyHash> Hashes => Enumerable.Range(0, 12).Select(i => At(i));

    private static KeyHash At(int i) => new(i < 6 ? (ulong)i : ulong.MaxValue - 11 + (ulong)i);

    private static RangeSet Draw(Random random) => RangeSet.Of(Enumerable.Range(0, random.Next(4)).Select(_ =>
    {
        var (first, last) = (random.Next(12), random.Next(12));
        return new KeyRange(At(Math.Min(first, last)).Value, At(Math.Max(first, last)).Value);
    }));
}
