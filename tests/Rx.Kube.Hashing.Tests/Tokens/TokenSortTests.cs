namespace Rx.Kube.Hashing.Tests.Tokens;

public sealed class TokenSortTests
{
    [Fact]
    public void Tokens_are_in_the_order_that_a_usual_sort_gives_however_they_are_spread()
    {
        var random = new Random(1);
        foreach (var count in new[] { 0, 1, 2, 3, 160, 161, 5000, 70_000 })
        {
            foreach (var within in new ulong[] { ulong.MaxValue, 0xFF, 0xFF00_0000_0000_00FF, 0x0000_FFFF_0000_0000, 0 })
            {
                ulong[] tokens = [.. Enumerable.Range(0, count).Select(_ => HashRings.RandomHash(random) & within)];
                var sorted = TokenSort.Sorted(tokens);
                Array.Sort(tokens);
                Assert.Equal(tokens, sorted);
            }
        }
    }
}
