namespace Rx.Kube.Hashing.Tests.Tokens;

public sealed class TokenPagesTests
{
    private const int Slots = 50;

    [Theory]
    [InlineData(0UL, ulong.MaxValue)]
    [InlineData(0UL, ulong.MaxValue >> 1)]
    [InlineData(0x5000_0000_0000_0000UL, 0x0FFF_FFFF_FFFF_FFFFUL)]
    [InlineData(0x5000_0000_0000_0000UL, 0x0FF0_0000_0000_0007UL)]
    public void Changed_pages_are_word_for_word_those_of_a_fresh_start(ulong at, ulong within)
    {
        var compared = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var (random, order) = (new Random(seed), new BySlot());
            RingPoint[] Some(int count) => [.. Enumerable.Range(0, count)
                .Select(_ => new RingPoint(at | (HashRings.RandomHash(random) & within), random.Next(Slots)))];
            var points = Some(4000).Distinct().ToList();
            var pages = TokenPages.Of([.. points], Slots, order);
            for (var step = 0; step < 15; step++)
            {
                RingPoint[] leaving = [.. points.Where(_ => random.Next(20) == 0)];
                RingPoint[] coming = [.. Some(random.Next(400)).Except(points).Distinct()];
                points = [.. points.Except(leaving), .. coming];
                ITokenOrder inOrder = order;
                inOrder.Sort(leaving);
                inOrder.Sort(coming);
                pages = pages.Change(leaving, coming, Slots, order);
                var fresh = TokenPages.Of([.. points], Slots, order);
                Assert.Equal(fresh.Points(), pages.Points());
                for (var page = 0; fresh.HasPagesAs(pages) && page < fresh.PageCount; page++, compared++)
                {
                    Assert.True(fresh.WordsOf(page).SequenceEqual(pages.WordsOf(page)), $"seed {seed}, step {step}, page {page}");
                }
            }
        }

        Assert.True(compared > 1000, $"{compared} pages");
    }

    [Fact]
    public void Points_that_were_chosen_to_collide_have_different_hashes()
    {
        // .NET hashes a 64-bit number to the XOR of its halves, which is 0 here.
        var points = Enumerable.Range(0, 20_000).Select(i => new RingPoint(((ulong)i << 32) | (uint)i, 7));

        Assert.InRange(points.Select(p => p.GetHashCode()).Distinct().Count(), 19_990, 20_000);
    }

    private sealed class BySlot : ITokenOrder
    {
        public int Compare(RingPoint left, RingPoint right) => (left.Token, left.Slot).CompareTo((right.Token, right.Slot));
    }
}
