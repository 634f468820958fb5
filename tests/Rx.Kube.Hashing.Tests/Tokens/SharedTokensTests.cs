using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
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
                    var all = new Plain<Placed>(next).DiffFrom(new Plain<Placed>(ring), factor);
                    var alone = Fresh(next.Members).DiffFrom(Fresh(ring.Members), factor);
                    var where = $"seed {seed}, step {step}, factor {factor}";
                    Assert.True(Text(all) == Text(next.DiffFrom(ring, factor)), where);
                    Assert.True(Text(all) == Text(alone), where);
                    Assert.True(all.Moves.SequenceEqual(next.DiffFrom(ring, factor).Moves), where);
                    Assert.All(next.Members.Take(3), self => Assert.Equal(
                        all.OwnershipOf(self).Changes, next.DiffFrom(ring, factor).OwnershipOf(self).Changes));
                }

                ring = next;
            }
        }
    }

    [Fact]
    public void Rings_that_were_built_apart_differ_as_a_comparison_of_all_ranges_says_though_members_changed_their_zones()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            HashRing<Placed> Some() => HashRing.Create(
                Enumerable.Range(0, 6).Where(_ => random.Next(4) > 0)
                    .Select(i => new Placed($"node-{i}", random.Next(1, 4), $"zone-{random.Next(2)}")),
                p => p.Name, p => p.Weight, p => p.Zone, RingLayout.Native(8));
            var (before, after) = (Some(), Some());
            for (var factor = 1; factor <= 4; factor++)
            {
                var all = new Plain<Placed>(after).DiffFrom(new Plain<Placed>(before), factor);
                Assert.True(Text(all) == Text(after.DiffFrom(before, factor)), $"seed {seed}, factor {factor}");
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

    [Fact]
    public void A_member_without_tokens_is_part_of_a_difference_although_no_token_differs()
    {
        var before = HashRing.Create(["a", "b", "c", "z"], RingLayout.Envoy(1, 2));
        var after = before.With("y");

        Assert.Equal(before.Tokens(), after.Tokens());
        Assert.All(after.DiffFrom(before, 4).Moves, move => Assert.Equal((3, "z", "y"), (move.Rank, move.From, move.To)));
        Assert.Equal(0.25, after.DiffFrom(before, 4).MovedFraction, 12);
        Assert.Empty(after.DiffFrom(before, 3).Changes);
    }

    // From a ring of few members to many and back, so that all pages are built again many times, in other sizes.
    [Fact]
    public void A_ring_that_grows_and_shrinks_is_the_ring_of_its_members_and_differs_as_a_comparison_of_all_ranges_says()
    {
        var random = new Random(3);
        var (ring, largest) = (HashRing.Create<Placed>([], p => p.Name, p => p.Weight, layout: RingLayout.Native(200)), 0);
        for (var step = 0; step < 300; step++)
        {
            var next = ring;
            var joins = step % 150 < 75;
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                next = joins ? next.With(new($"node-{random.Next(500)}", random.Next(1, 4), null))
                    : next.Members.IsEmpty ? next
                    : next.Without(next.Members[random.Next(next.Members.Length)]);
            }

            if (step % 10 == 0)
            {
                var fresh = HashRing.Create(next.Members, p => p.Name, p => p.Weight, layout: RingLayout.Native(200));
                Assert.True(fresh.Fingerprint == next.Fingerprint && fresh.Tokens().SequenceEqual(next.Tokens()), $"step {step}");
                Assert.True(
                    Text(new Plain<Placed>(next).DiffFrom(new Plain<Placed>(ring), 2)) == Text(next.DiffFrom(ring, 2)), $"step {step}");
            }

            (ring, largest) = (next, Math.Max(largest, next.TokenCount));
        }

        Assert.InRange(largest, 30_000, int.MaxValue);
    }

    /// <summary>A ring that is not known to have tokens: a difference compares all of its ranges.</summary>
    private sealed class Plain<TMember>(HashRing<TMember> ring) : IRangedRing<TMember>
    {
        public ImmutableArray<TMember> Members => ring.Members;

        public MemberTraits<TMember> Traits => ring.Traits;

        public ulong Fingerprint => ring.Fingerprint;

        public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner) => ring.TryGetOwner(key, out owner);

        public int GetReplicas(KeyHash key, Span<TMember> replicas) => ring.GetReplicas(key, replicas);

        public KeyRange RangeOf(KeyHash key) => ring.RangeOf(key);

        public IRing<TMember> With(TMember member) => new Plain<TMember>(ring.With(member));

        public IRing<TMember> Without(TMember member) => new Plain<TMember>(ring.Without(member));

        public IRing<TMember> Only(Func<TMember, bool> isMember) => new Plain<TMember>(ring.Only(isMember));
    }

    private static string Text<TMember>(RingDiff<TMember> diff) => string.Join(
        "\n", diff.Changes.Select(change => $"{change.Range}: {string.Join(" ", change.Before)} -> {string.Join(" ", change.After)}"));
}
