using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Tokens;

/// <summary>A difference between rings that share tokens skips what they share. That must only change its cost.</summary>
public sealed class SharedTokensTests
{
    private sealed record Placed(string Name, int Weight, string? Zone);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_difference_is_the_same_whether_rings_share_tokens_or_not(bool hasZones)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            Placed Some(int name) => new($"node-{name}", random.Next(1, 3), random.Next(4) == 0 ? null : $"zone-{random.Next(3)}");
            HashRing<Placed> Fresh(IEnumerable<Placed> members) =>
                HashRing.Create(members, p => p.Name, p => p.Weight, hasZones ? p => p.Zone : null, RingLayout.Native(64));
            var ring = Fresh(Enumerable.Range(0, 30).Select(Some));
            for (var step = 0; step < 12; step++)
            {
                var next = random.Next(2) == 0 ? ring.With(Some(random.Next(40)))
                    : ring.Without(ring.Members[random.Next(ring.Members.Length)]);
                for (var factor = 1; factor <= 4; factor++)
                {
                    var alone = Fresh(next.Members).DiffFrom(Fresh(ring.Members), factor);
                    Assert.True(Text(alone) == Text(next.DiffFrom(ring, factor)), $"seed {seed}, step {step}, factor {factor}");
                }

                ring = next;
            }
        }
    }

    [Fact]
    public void A_difference_after_many_changes_is_complete()
    {
        var first = Of(Nodes(60));
        var last = first;
        for (var i = 0; i < 20; i++)
        {
            last = last.Without(new Node($"node-{i}")).With(new Node($"new-{i}"));
        }

        Assert.Equal(Text(Of(last.Members).DiffFrom(Of(Nodes(60)), 3)), Text(last.DiffFrom(first, 3)));
    }

    private static string Text<TMember>(RingDiff<TMember> diff) => string.Join(
        "\n", diff.Changes.Select(change => $"{change.Range}: {string.Join(" ", change.Before)} -> {string.Join(" ", change.After)}"));
}
