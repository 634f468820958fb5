using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>
/// Which claims an object makes, and how they differ from its last ones. A failure of a property prints its seed, which is the whole input.
/// </summary>
public class ClaimDiffTests
{
    private static readonly Endpoint[] _hundred = [.. Enumerable.Range(0, 100).Select(i => Pod($"p{i:d3}", $"10.0.0.{i}"))];

    [Fact]
    public void A_new_slice_adds_a_claim_for_each_endpoint_with_an_address()
    {
        var (now, diff) = SliceClaims.Next(null, Slice("a", Pod("p", "10.0.0.1"), new Endpoint(), Pod("q", "10.0.0.2")));

        Assert.Equal(["p", null, "q"], now.Claims.Select(c => c?.Member));
        Assert.Equal(now.Claims, diff.Added.ToArray());
        Assert.True(diff.Withdrawn.IsEmpty);
        Assert.All(now.Claims.OfType<TopologyEndpoint>(), c => Assert.Equal(("a", "IPv4", [Http]), (c.Slice, c.AddressType, c.Ports)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(42)]
    [InlineData(99)]
    public void One_changed_endpoint_is_withdrawn_and_added_and_the_others_keep_their_claims(int changed)
    {
        var (before, _) = SliceClaims.Next(null, Slice("a", _hundred));
        var (now, diff) = SliceClaims.Next(before, Slice("a", With(changed, _hundred[changed] with { Ready = false })));

        Assert.Same(before.Claims[changed], Assert.Single(diff.Withdrawn.ToArray()));
        Assert.Same(now.Claims[changed], Assert.Single(diff.Added.ToArray()));
        Assert.False(now.Claims[changed]!.Ready);
        Assert.All(Enumerable.Range(0, 100).Where(i => i != changed), i => Assert.Same(before.Claims[i], now.Claims[i]));
    }

    [Fact]
    public void Removed_and_inserted_endpoints_are_the_whole_difference()
    {
        var (before, _) = SliceClaims.Next(null, Slice("a", _hundred));
        var (shorter, removal) = SliceClaims.Next(before, Slice("a", [.. _hundred[..30], .. _hundred[33..]]));
        var (_, insertion) = SliceClaims.Next(shorter, Slice("a", _hundred));

        Assert.Equal(before.Claims[30..33], removal.Withdrawn.ToArray());
        Assert.True(removal.Added.IsEmpty);
        Assert.True(insertion.Withdrawn.IsEmpty);
        Assert.Equal(before.Claims[30..33], insertion.Added.ToArray());
    }

    [Fact]
    public void An_equal_slice_makes_no_difference_and_no_new_array()
    {
        var (before, _) = SliceClaims.Next(null, Slice("a", _hundred));
        var (now, diff) = SliceClaims.Next(before, Slice("a", [.. _hundred.Select(e => e with { })]));

        Assert.True(diff.Withdrawn.IsEmpty && diff.Added.IsEmpty);
        Assert.Same(before.Claims, now.Claims);
    }

    [Fact]
    public void Other_ports_or_another_address_family_replace_every_claim()
    {
        var slice = Slice("a", _hundred);
        var (before, _) = SliceClaims.Next(null, slice);
        foreach (var other in new[] { slice with { Ports = [] }, slice with { AddressType = "FQDN" } })
        {
            var (now, diff) = SliceClaims.Next(before, other);

            Assert.Equal(before.Claims, diff.Withdrawn.ToArray());
            Assert.Equal(now.Claims, diff.Added.ToArray());
            Assert.Equal(100, now.Claims.Except(before.Claims).Count());
        }
    }

    [Fact]
    public void An_address_that_becomes_ready_is_the_only_difference_of_an_Endpoints_object()
    {
        EndpointAddress[] addresses = [.. Enumerable.Range(0, 5).Select(i => new EndpointAddress($"10.0.0.{i}"))];
        var (before, _) = LegacyClaims.Next(null, Object([.. addresses[..4]], [addresses[4]]));
        var (now, diff) = LegacyClaims.Next(before, Object([.. addresses], []));

        Assert.False(Assert.Single(diff.Withdrawn.ToArray())!.Ready);
        Assert.True(Assert.Single(diff.Added.ToArray())!.Ready);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Same(before.Claims[i], now.Claims[i]));

        static LegacyEndpoints Object(EndpointAddress[] ready, EndpointAddress[] notReady) => new()
        {
            Metadata = new ObjectMeta { Name = "cache", Namespace = "prod" },
            Subsets = [new EndpointSubset { Addresses = [.. ready], NotReadyAddresses = [.. notReady], Ports = [Http] }],
        };
    }

    [Fact]
    public void The_difference_agrees_with_a_naive_multiset_difference() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            ObjectClaims<EndpointSlice>? before = null;
            foreach (var slice in Versions(new Random(seed)))
            {
                var claimed = before?.Claims.ToArray() ?? [];
                var (now, diff) = SliceClaims.Next(before, slice);
                var (withdrawn, added) = (Made(diff.Withdrawn.ToArray()), Made(diff.Added.ToArray()));
                var naive = Made([.. slice.Endpoints.Select(e =>
                    EndpointClaim.Of(e, new(slice.Metadata.Name, slice.AddressType, new(EndpointClaim.PortsOf(slice.Ports)))))]);

                // All claims are those of a slice without a past, and the difference leads from the claims before to them.
                Assert.Equal(naive, Made(now.Claims));
                Assert.Equal(Sorted(naive), Sorted([.. Without(Made(claimed), withdrawn), .. added]));
                // It contains every claim that a multiset difference has.
                Assert.Empty(Without(Without(Made(claimed), naive), withdrawn));
                Assert.Empty(Without(Without(naive, Made(claimed)), added));
                // Nothing was changed on the way.
                Assert.Equal(claimed, before?.Claims ?? []);
                before = now;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_change_of_one_endpoint_of_a_hundred_allocates_little_more_than_the_array_of_the_claims()
    {
        var (before, _) = SliceClaims.Next(null, Slice("a", _hundred));
        var next = Slice("a", With(42, _hundred[42] with { Ready = false }));
        SliceClaims.Next(before, next);
        var start = GC.GetAllocatedBytesForCurrentThread();
        SliceClaims.Next(before, next);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 800, 1_100);
    }

    /// <summary>
    /// Versions of a slice whose endpoints repeat, move, come and go; sometimes with other ports or another address family.
    /// </summary>
    private static IEnumerable<EndpointSlice> Versions(Random random)
    {
        var slice = Slice("a");
        for (var i = 0; i < 30; i++)
        {
            List<Endpoint> endpoints = [.. slice.Endpoints];
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                var at = random.Next(endpoints.Count + 1);
                if (at < endpoints.Count && random.Next(3) == 0)
                {
                    endpoints.RemoveAt(at);
                }
                else
                {
                    endpoints.Insert(at, random.Next(8) == 0 ? new Endpoint() : Pod($"p{random.Next(3)}", $"10.0.0.{random.Next(3)}"));
                }
            }

            yield return slice = slice with
            {
                Endpoints = [.. endpoints],
                AddressType = random.Next(8) == 0 ? "FQDN" : "IPv4",
                Ports = random.Next(8) == 0 ? [] : [Http],
            };
        }
    }

    private static TopologyEndpoint[] Made(TopologyEndpoint?[] claims) => [.. claims.OfType<TopologyEndpoint>()];

    private static IEnumerable<TopologyEndpoint> Sorted(TopologyEndpoint[] claims) => claims.Order(ClaimOrder.BestFirst);

    /// <summary>The naive difference of multisets: each claim takes away one equal claim.</summary>
    private static TopologyEndpoint[] Without(TopologyEndpoint[] claims, TopologyEndpoint[] gone)
    {
        List<TopologyEndpoint> left = [.. claims];
        foreach (var claim in gone)
        {
            left.Remove(claim);
        }

        return [.. left];
    }

    private static Endpoint[] With(int place, Endpoint endpoint) => [.. _hundred[..place], endpoint, .. _hundred[(place + 1)..]];
}
