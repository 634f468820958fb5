using System.Reactive.Linq;
using Rx.Kube.Tests.Operators;

namespace Rx.Kube.Tests.Rings;

/// <summary>Overloads for names find and change members, and change nothing that is not given.</summary>
public sealed class RingMemberExtensionsTests
{
    private static readonly HashRing<RingMember> Ring = Observable.Return(TopologyText.Snapshot("cache-0(zone a) cache-1(zone b) cache-2"))
        .ToHashRing(new() { Weight = endpoint => endpoint.Member == "cache-0" ? 3 : 1 })
        .Wait();

    [Fact]
    public void A_member_on_the_ring_keeps_its_weight_its_zone_and_its_keys_when_only_its_name_is_given()
    {
        var same = Ring.With("cache-0");
        Assert.Equal(RingText.Of(Ring), RingText.Of(same));
        Assert.Equal(Ring.Fingerprint, same.Fingerprint);
        Assert.Empty(same.DiffFrom(Ring, replicationFactor: 3).Changes);
    }

    [Theory]
    [InlineData(5, null, "cache-0(weight 5, zone a)")]
    [InlineData(null, "c", "cache-0(weight 3, zone c)")]
    [InlineData(1, "c", "cache-0(zone c)")]
    public void What_is_given_changes_and_the_rest_stays(int? weight, string? zone, string expected)
    {
        var changed = Ring.With("cache-0", weight, zone);
        Assert.Equal($"{expected} cache-1(zone b) cache-2", RingText.Of(changed));
        Assert.Equal(changed.Fingerprint, Ring.With(new RingMember("cache-0", weight ?? 3, zone ?? "a")).Fingerprint);
    }

    [Theory]
    [InlineData(null, null, "cache-3")]
    [InlineData(2, "b", "cache-3(weight 2, zone b)")]
    public void A_new_member_has_weight_1_and_no_zone_unless_they_are_given(int? weight, string? zone, string expected) =>
        Assert.Equal($"{RingText.Of(Ring)} {expected}", RingText.Of(Ring.With("cache-3", weight, zone)));

    [Fact]
    public void A_name_finds_the_same_as_a_member()
    {
        var member = Ring.Members[0];
        var replicated = new ReplicatedRing<RingMember>(Ring, 2);
        var diff = Ring.DiffFrom(Ring.Without("cache-1"), 2);

        Assert.Equal("cache-1(zone b) cache-2", RingText.Of(Ring.Without("cache-0")));
        Assert.Same(Ring, Ring.Without("stranger"));
        Assert.Equal(Ring.OwnedBy(member).ToArray(), Ring.OwnedBy("cache-0").ToArray());
        Assert.Equal(Ring.OwnedBy(member, 2).ToArray(), Ring.OwnedBy("cache-0", 2).ToArray());
        Assert.Equal(replicated.OwnedBy(member).ToArray(), replicated.OwnedBy("cache-0").ToArray());
        Assert.Equal(diff.OwnershipOf(member), diff.OwnershipOf("cache-0"));
        Assert.NotEmpty(diff.OwnershipOf("cache-0").Changes);
    }

    [Fact]
    public void Rings_of_every_algorithm_have_the_same_overloads()
    {
        var ring = Rendezvous.Create(Ring.Members, member => member.Name, member => member.Weight, member => member.Zone);
        Assert.Equal(ring.Fingerprint, ring.With("cache-0").Fingerprint);
        Assert.NotEqual(ring.Fingerprint, ring.With("cache-0", weight: 2).Fingerprint);
        Assert.Equal(["cache-1", "cache-2"], ring.Without("cache-0").Members.Select(member => member.Name));
    }

    [Fact]
    public void A_stream_of_rings_is_asked_by_name_as_by_member()
    {
        var rings = new[] { Ring, Ring.With("cache-3") }.ToObservable();
        Assert.Equal(rings.Ownership(new RingMember("cache-0")).ToEnumerable(), rings.Ownership("cache-0").ToEnumerable());
        Assert.Equal(
            rings.WithReplicas(2).Ownership(new RingMember("cache-0")).ToEnumerable(),
            rings.WithReplicas(2).Ownership("cache-0").ToEnumerable());
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var rings = Observable.Never<IRangedRing<RingMember>>();
        string none = null!;
        Assert.Throws<ArgumentNullException>("name", () => Ring.With(none));
        Assert.Throws<ArgumentNullException>("name", () => Ring.Without(none));
        Assert.Throws<ArgumentNullException>("name", () => Ring.OwnedBy(none));
        Assert.Throws<ArgumentNullException>("name", () => new ReplicatedRing<RingMember>(Ring, 2).OwnedBy(none));
        Assert.Throws<ArgumentNullException>("name", () => Ring.DiffFrom(null).OwnershipOf(none));
        Assert.Throws<ArgumentNullException>("name", () => rings.Ownership(none));
        Assert.Throws<ArgumentNullException>("name", () => rings.WithReplicas(2).Ownership(none));
        Assert.Throws<ArgumentNullException>("ring", () => ((HashRing<RingMember>)null!).With("a"));
        Assert.Throws<ArgumentNullException>("ring", () => ((IRing<RingMember>)null!).Without("a"));
        Assert.Throws<ArgumentException>(() => Ring.With(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ring.With("cache-0", weight: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ring.With("cache-0", weight: 1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ring.OwnedBy("cache-0", 0));
    }
}
