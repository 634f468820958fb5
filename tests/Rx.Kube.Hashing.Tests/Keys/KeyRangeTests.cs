namespace Rx.Kube.Hashing.Tests.Keys;

/// <summary>Ranges as sets of hashes.</summary>
public sealed class KeyRangeTests
{
    [Fact]
    public void Contains_Intersect_and_Difference_are_those_of_sets_at_both_ends_of_the_space()
    {
        const int span = 6;
        foreach (var origin in new ulong[] { 0, ulong.MaxValue - span, 1UL << 63 })
        {
            foreach (var (one, two) in from one in Ranges(origin) from two in Ranges(origin) select (one, two))
            {
                for (var i = 0; i <= span; i++)
                {
                    var hash = origin + (ulong)i;
                    var key = new KeyHash(hash);
                    Assert.Equal(hash >= one.First && hash <= one.Last, one.Contains(key));
                    Assert.Equal(one.Contains(key) && two.Contains(key), one.Intersect(two)?.Contains(key) ?? false);
                    Assert.Equal(one.Contains(key) && !two.Contains(key), one.Difference(two).Count(range => range.Contains(key)) == 1);
                }

                Assert.Equal(one.Intersect(two), two.Intersect(one));
                Assert.Equal(one.Difference(two).OrderBy(range => range.First), one.Difference(two));
                Assert.Equal(
                    one.Length,
                    one.Difference(two).Aggregate(one.Intersect(two)?.Length ?? 0, (sum, range) => sum + range.Length));
            }
        }

        static IEnumerable<KeyRange> Ranges(ulong origin) =>
            from first in Enumerable.Range(0, span + 1)
            from last in Enumerable.Range(first, span + 1 - first)
            select new KeyRange(origin + (ulong)first, origin + (ulong)last);
    }

    [Fact]
    public void All_hashes_are_a_range_too()
    {
        Assert.Equal(UInt128.One << 64, KeyRange.All.Length);
        Assert.True(KeyRange.All.Contains(new KeyHash(0)) && KeyRange.All.Contains(new KeyHash(ulong.MaxValue)));
        Assert.Empty(new KeyRange(3, 5).Difference(KeyRange.All));
        Assert.Equal([new KeyRange(0, 2), new KeyRange(6, ulong.MaxValue)], KeyRange.All.Difference(new(3, 5)).AsEnumerable());
        Assert.Equal(new KeyRange(0, 0), default);
    }

    [Fact]
    public void A_range_is_written_in_hexadecimal() =>
        Assert.Equal("[0000000000000000, 00000000000000ff]", new KeyRange(0, 255).ToString());
}
