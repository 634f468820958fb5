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
        var (diff, claims) = Put(New(), Slice("a", Pod("p", "10.0.0.1"), new Endpoint(), Pod("q", "10.0.0.2")));

        Assert.Equal(["p", null, "q"], claims.Select(c => c?.Member));
        Assert.Equal(claims, diff.Added);
        Assert.Equal(0, diff.Withdrawn);
        Assert.All(claims.OfType<TopologyEndpoint>(), c => Assert.Equal(("a", "IPv4", [Http]), (c.Slice, c.AddressType, c.Ports)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(42)]
    [InlineData(99)]
    public void One_changed_endpoint_is_withdrawn_and_added_and_the_others_keep_their_claims(int changed)
    {
        var state = New();
        var (_, before) = Put(state, Slice("a", _hundred));
        var (diff, now) = Put(state, Slice("a", With(changed, _hundred[changed] with { Ready = false })));

        Assert.Equal((changed, 1), (diff.At, diff.Withdrawn));
        Assert.Same(now[changed], Assert.Single(diff.Added));
        Assert.False(now[changed]!.Ready);
        Assert.All(Enumerable.Range(0, 100).Where(i => i != changed), i => Assert.Same(before[i], now[i]));
    }

    [Fact]
    public void Removed_and_inserted_endpoints_are_the_whole_difference()
    {
        var state = New();
        var (_, before) = Put(state, Slice("a", _hundred));
        var (removal, shorter) = Put(state, Slice("a", [.. _hundred[..30], .. _hundred[33..]]));
        var (insertion, _) = Put(state, Slice("a", _hundred));

        Assert.Equal((30, 3), (removal.At, removal.Withdrawn));
        Assert.Empty(removal.Added);
        Assert.True(shorter.SequenceEqual([.. before[..30], .. before[33..]]));
        Assert.Equal((30, 0), (insertion.At, insertion.Withdrawn));
        Assert.Equal(before[30..33], insertion.Added);
    }

    [Fact]
    public void An_equal_slice_makes_no_difference()
    {
        var state = New();
        var (_, before) = Put(state, Slice("a", _hundred));
        var (diff, now) = Put(state, Slice("a", [.. _hundred.Select(e => e with { })]));

        Assert.True(diff.Withdrawn == 0 && diff.Added.Length == 0);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Same(before[i], now[i]));
    }

    [Fact]
    public void Other_ports_or_another_address_family_replace_every_claim()
    {
        var slice = Slice("a", _hundred);
        foreach (var other in new[] { slice with { Ports = [] }, slice with { AddressType = "FQDN" } })
        {
            var state = New();
            var (_, before) = Put(state, slice);
            var (diff, now) = Put(state, other);

            Assert.Equal((0, 100), (diff.At, diff.Withdrawn));
            Assert.Equal(now, diff.Added);
            Assert.Equal(100, now.Except(before).Count());
        }
    }

    [Fact]
    public void An_address_that_becomes_ready_is_the_only_difference_of_an_Endpoints_object()
    {
        EndpointAddress[] addresses = [.. Enumerable.Range(0, 5).Select(i => new EndpointAddress($"10.0.0.{i}"))];
        var state = new ObjectClaims<LegacyEndpoints>(NewService());
        var before = Become(Object([.. addresses[..4]], [addresses[4]]));
        var diff = LegacyClaims.Next(state, Object([.. addresses], []));
        var now = Become(Object([.. addresses], []));

        Assert.False(before[diff.At]!.Ready);
        Assert.Equal(1, diff.Withdrawn);
        Assert.True(Assert.Single(diff.Added)!.Ready);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Same(before[i], now[i]));

        TopologyEndpoint?[] Become(LegacyEndpoints endpoints)
        {
            state.Become(endpoints, LegacyClaims.Next(state, endpoints));
            return state.Claims.ToArray();
        }

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
            var state = New();
            foreach (var slice in Versions(new Random(seed)))
            {
                var claimed = state.Claims.ToArray();
                var diff = SliceClaims.Next(state, slice);
                var (withdrawn, added) = (Made(claimed[diff.At..(diff.At + diff.Withdrawn)]), Made(diff.Added));
                var naive = Made([.. slice.Endpoints.Select(e =>
                    EndpointClaim.Of(e, new(slice.Metadata.Name, slice.AddressType, new(EndpointClaim.PortsOf(slice.Ports)))))]);

                // Nothing was changed on the way.
                Assert.Equal(claimed, state.Claims.ToArray());
                // All claims are those of a slice without a past, and the difference leads from the claims before to them.
                state.Become(slice, diff);
                Assert.Equal(naive, Made(state.Claims.ToArray()));
                Assert.Equal(Sorted(naive), Sorted([.. Without(Made(claimed), withdrawn), .. added]));
                // It contains every claim that a multiset difference has.
                Assert.Empty(Without(Without(Made(claimed), naive), withdrawn));
                Assert.Empty(Without(Without(naive, Made(claimed)), added));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    public void A_change_of_one_endpoint_allocates_one_claim_whatever_the_size_of_the_slice(int size)
    {
        var state = New();
        SliceEndpoints endpoints = [.. Enumerable.Range(0, size).Select(i => Pod($"p{i:d4}", $"10.0.{i / 250}.{i % 250}"))];
        var slice = Slice("a") with { Endpoints = endpoints };
        var next = slice with { Endpoints = endpoints.SetItem(42, endpoints[42] with { Ready = false }) };
        Put(state, slice);
        SliceClaims.Next(state, next);
        var start = GC.GetAllocatedBytesForCurrentThread();
        SliceClaims.Next(state, next);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 1, 300);
    }

    private static ObjectClaims<EndpointSlice> New() => new(NewService());

    private static ServiceState NewService() => new(new("prod", "cache"), new(), TopologyLimits.Default);

    private static (ClaimDiff Diff, TopologyEndpoint?[] Now) Put(ObjectClaims<EndpointSlice> state, EndpointSlice slice)
    {
        var diff = SliceClaims.Next(state, slice);
        state.Become(slice, diff);
        return (diff, state.Claims.ToArray());
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
