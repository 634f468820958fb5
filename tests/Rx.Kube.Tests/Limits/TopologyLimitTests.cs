using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Limits;

/// <summary>
/// The limits of a topology as options, through each operator that takes them. <c>ContestedAddressTests</c> and
/// <c>HoldDeparturesTests</c> have what counts beyond them.
/// </summary>
public class TopologyLimitTests
{
    private const string Address = "10.0.0.1";

    /// <summary>Gets each fold, as a count of the endpoints that it has for one address, for each set of ports a claim.</summary>
    public static TheoryData<string, int, int> Folds
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (var fold in (string[])["slices", "slices of a cluster", "Endpoints", "Endpoints of a cluster"])
            {
                for (var beyond = -1; beyond <= 1; beyond++)
                {
                    data.Add(fold, 2, beyond);
                    data.Add(fold, 30, beyond);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Folds))]
    public void The_sets_of_ports_at_an_address_are_limited_by_the_option_in_each_fold(string fold, int limit, int beyond)
    {
        var claims = Enumerable.Range(1, limit + beyond).Select(port => Ports(port, 1)).ToArray();

        var ports = PortsOf(fold, claims, new() { MaxPortSets = limit });

        Assert.Equal(Math.Min(limit + beyond, limit), ports.Sum());
    }

    [Theory]
    [MemberData(nameof(Folds))]
    public void The_ports_that_are_shared_out_one_by_one_are_limited_by_the_option_in_each_fold(string fold, int limit, int beyond)
    {
        // The claim with one port is the better one.
        var ports = PortsOf(fold, [Ports(1, 1), Ports(100, limit + beyond)], new() { MaxPortsApart = limit });

        Assert.Equal(beyond > 0 ? 1 : 1 + limit + beyond, ports.Sum());
    }

    [Theory]
    [InlineData(nameof(TopologyLimits.MaxPortSets), 1, 1_000)]
    [InlineData(nameof(TopologyLimits.MaxPortsApart), 0, 20_000)]
    [InlineData(nameof(TopologyLimits.MaxHeldMembers), 0, 10_000_000)]
    public void Every_limit_has_a_range_and_works_at_its_ends(string name, int least, int most)
    {
        Assert.Equal(name switch
        {
            nameof(TopologyLimits.MaxPortSets) => "a:1,2", // the best claim alone
            nameof(TopologyLimits.MaxPortsApart) => "a:1,2", // the best claim with ports, and all of its ports
            _ => "a:1,2 b:3",
        }, Last(With(least)));
        Assert.Equal("a:1,2 b:3", Last(With(most)));
        Assert.Equal(name == nameof(TopologyLimits.MaxHeldMembers) ? "" : "a(held) b(held)", Held(With(least)));
        Assert.Equal("a(held) b(held)", Held(With(most)));
        foreach (var value in (int[])[int.MinValue, least - 1, most + 1, int.MaxValue])
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => With(value)).ParamName);
        }

        TopologyLimits With(int value) => name switch
        {
            nameof(TopologyLimits.MaxPortSets) => new() { MaxPortSets = value },
            nameof(TopologyLimits.MaxPortsApart) => new() { MaxPortsApart = value },
            _ => new() { MaxHeldMembers = value },
        };
    }

    [Fact]
    public void Without_limits_the_defaults_apply()
    {
        var claims = Enumerable.Range(1, 17).Select(port => Ports(port, 1)).ToArray();
        foreach (var fold in (string[])["slices", "slices of a cluster", "Endpoints", "Endpoints of a cluster"])
        {
            Assert.Equal(16, PortsOf(fold, claims, limits: null).Sum());
            Assert.Equal(101, PortsOf(fold, [Ports(1, 1), Ports(100, 100)], limits: null).Sum());
            Assert.Equal(1, PortsOf(fold, [Ports(1, 1), Ports(100, 101)], limits: null).Sum());
        }
    }

    private static string Last(TopologyLimits limits) => string.Join(' ', TwoClaims().ToTopology(limits: limits).Wait().Endpoints
        .Select(e => $"{e.Member}:{string.Join(',', e.Ports.Select(p => p.Port).Order())}"));

    // Two members leave.
    private static string Held(TopologyLimits limits)
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        ServiceTopology? last = null;
        using var subscription = source.ToTopology().HoldDepartures(TimeSpan.FromDays(1), limits, new VirtualClock())
            .Subscribe(t => last = t);
        source.OnNext(Listed("1", Slice("s", Pod("a", Address), Pod("b", "10.0.0.2"))));
        source.OnNext(Modified("2", Slice("s")));
        return string.Join(' ', last!.Endpoints.Select(e => e.Member + (e.IsHeld ? "(held)" : "")));
    }

    private static IObservable<WatchEvent<EndpointSlice>> TwoClaims() => Observable.Return(Listed(
        "1", Slice("one", Pod("a", Address)) with { Ports = Ports(1, 2) }, Slice("two", Pod("b", Address)) with { Ports = Ports(3, 1) }));

    /// <summary>How many ports each endpoint has, when each claim is one to the same address with its own ports.</summary>
    private static IEnumerable<int> PortsOf(string fold, EquatableArray<EndpointPort>[] claims, TopologyLimits? limits)
    {
        var slices = Observable.Return(Listed("1", [.. claims.Select((ports, i) =>
            Slice($"s{i:000}", Pod($"p{i:000}", Address)) with { Ports = ports })]));
        var endpoints = Observable.Return<WatchEvent<LegacyEndpoints>>(new WatchEvent<LegacyEndpoints>.Listed(
            [
                new LegacyEndpoints
                {
                    Metadata = new() { Name = "cache", Namespace = "prod" },
                    Subsets =
                    [
                        .. claims.Select((ports, i) => new EndpointSubset
                        {
                            Addresses = [new(Address, TargetRef: new("Pod", "prod", $"p{i:000}", "u1"))],
                            Ports = ports,
                        }),
                    ],
                },
            ],
            "1"));
        var service = new ServiceName("prod", "cache");
        var topology = fold switch
        {
            "slices" => slices.ToTopology(limits: limits).Wait(),
            "slices of a cluster" => slices.ToClusterTopology(limits: limits).Wait()[service],
            "Endpoints" => endpoints.ToTopology(limits: limits).Wait(),
            _ => endpoints.ToClusterTopology(limits: limits).Wait()[service],
        };
        return topology.Endpoints.Select(e => e.Ports.Length);
    }

    private static EquatableArray<EndpointPort> Ports(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(port => new EndpointPort("", port))];
}
