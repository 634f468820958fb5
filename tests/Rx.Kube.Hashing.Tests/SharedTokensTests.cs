using static Rx.Kube.Hashing.Tests.Rings;

namespace Rx.Kube.Hashing.Tests;

/// <summary>A difference between rings that share tokens skips what they share; that must not be seen but in the time it takes.</summary>
public sealed class SharedTokensTests
{
    private sealed record Placed(string Name, int Weight, string? Zone);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_different_is_the_same_whether_rings_share_or_not(bool hasZones)
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
                var next = random.Next(2) == 0 ? ring.With(Some(random.Next(40))) : ring.Without(ring.Members[random.Next(ring.Members.Length)]);
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
    public void What_many_changes_did_is_told_as_well_as_what_one_did()
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
