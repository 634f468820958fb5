using System.Collections.Immutable;
using System.Reactive.Linq;
using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;
using LegacyEvent = Rx.Kube.WatchEvent<Rx.Kube.Models.LegacyEndpoints>;

namespace Rx.Kube.Tests.Topology;

/// <summary>Legacy Endpoints through the operators of EndpointSlices: rule 14 of docs/endpointslices.md.</summary>
public class LegacyEndpointsTests
{
    private static readonly EndpointAddress _first = new("10.0.0.1", TargetRef: new("Pod", "prod", "p1", "u1"));
    private static readonly EndpointAddress _second = new("10.0.0.2", TargetRef: new("Pod", "prod", "p2", "u2"));

    [Fact]
    public void Rule14_Subsets_are_addresses_times_ports_and_the_Service_has_the_name_of_the_object()
    {
        var snapshots = FoldLegacy(
            Listed("1", Object(new EndpointSubset
            {
                Addresses = [_first],
                NotReadyAddresses = [_second],
                Ports = [Http, new("admin", 9090)],
            })),
            Modified("2", Object(new EndpointSubset { Addresses = [_first, _second], Ports = [Http, new("admin", 9090)] })),
            new LegacyEvent.Deleted(Object(), "3"));
        Assert.Equal(
            ["p1@10.0.0.1:9090,8080 p2@10.0.0.2:9090,8080-", "p1@10.0.0.1:9090,8080 p2@10.0.0.2:9090,8080", ""], snapshots.Select(Show));
        Assert.All(snapshots, s => Assert.Equal(("prod", "cache"), (s.Namespace, s.Service)));
        Assert.Equal(["p2"], snapshots[1].DiffFrom(snapshots[0]).Updated.Select(u => u.Member));
        Assert.Same(snapshots[0].Endpoints[0], snapshots[1].Endpoints[0]);
        Assert.Equal(snapshots[0].Members, snapshots[1].Members);
        Assert.Equal("cache", snapshots[0].Endpoints[0].Slice);
    }

    [Fact]
    public void Rule14_An_address_is_ready_only_for_the_ports_of_its_subset()
    {
        var subsets = new[]
        {
            new EndpointSubset { Addresses = [_first], Ports = [Http] },
            new EndpointSubset { NotReadyAddresses = [_first], Ports = [new("admin", 9090)] },
        };
        foreach (var order in new[] { subsets, [.. subsets.Reverse()] })
        {
            var snapshot = FoldLegacy(Listed("1", Object(order)))[^1];
            Assert.Equal("p1@10.0.0.1:9090- p1@10.0.0.1:8080", Show(snapshot));
            Assert.Equal([Http], Assert.Single(snapshot.Ready).Ports.AsEnumerable());
            Assert.Equal("p1", Assert.Single(snapshot.Members));
            Assert.Equal(2, snapshot.Endpoints.Of("p1").Length);
        }
    }

    [Fact]
    public void Rule14_A_truncated_object_makes_a_truncated_snapshot()
    {
        var all = Object(new EndpointSubset { Addresses = [_first], Ports = [Http] });
        var truncated = all with { IsTruncated = true };
        var snapshots = FoldLegacy(
            Listed("1", truncated), Modified("2", all), Modified("3", truncated), new LegacyEvent.Deleted(all, "4"));
        Assert.Equal([true, false, true, false], snapshots.Select(s => s.IsTruncated));
        Assert.NotEqual(snapshots[0], snapshots[1]);
        Assert.Equal(snapshots[0], snapshots[2]);
    }

    [Fact]
    public void Rule14_The_same_pods_give_the_same_members_and_ready_addresses_as_slices() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var pods = ImmutableArray<RandomPods.Pod>.Empty;
            var render = new RandomPods(random);
            List<LegacyEvent> legacy = [Listed("0", Object())];
            List<WatchEvent<EndpointSlice>> slices = [TopologyTestData.Listed("0")];
            for (var step = 1; step < 8; step++)
            {
                pods = render.Next(pods);
                legacy.Add(Modified($"{step}", Object([.. render.Subsets(pods)])));
                slices.Add(TopologyTestData.Listed($"{step}", [.. render.Slices(pods)]));
            }

            foreach (var (byEndpoints, bySlices) in FoldLegacy([.. legacy]).Zip(Fold(new("prod", "cache"), slices)))
            {
                // Only slices contain terminating pods.
                var staying = bySlices.Endpoints.Where(e => !e.Terminating).ToList();
                Assert.Equal(staying.Select(e => e.Member).Distinct(), byEndpoints.Members);
                Assert.Equal(Facts(bySlices.Ready), Facts(byEndpoints.Ready));
                Assert.Equal(Facts(staying), Facts(byEndpoints.Endpoints));
                Assert.Equal(bySlices.Ready.IsEmpty, byEndpoints.Routable.IsEmpty);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void ToTopology_checks_its_arguments()
    {
        Assert.Throws<ArgumentNullException>(() => ((IObservable<LegacyEvent>)null!).ToTopology());
        Assert.Throws<ArgumentException>(() => Observable.Never<LegacyEvent>().ToTopology(new ServiceName("", "cache")));
    }

    [Fact]
    public void In_a_watch_of_a_namespace_the_Service_must_be_named()
    {
        var other = Object() with { Metadata = Meta("web", "") };
        var error = Record.Exception(() => FoldLegacy(Listed("1", Object(), other)));
        Assert.Contains("Endpoints prod/web belongs to Service prod/web", Assert.IsType<InvalidOperationException>(error).Message);
        Assert.Contains("metadata.name=NAME", error.Message);
        var named = new[] { Listed("1", Object(), other) }.ToObservable().ToTopology(new("prod", "web")).Wait();
        Assert.Equal("web", named.Service);
    }

    private static IEnumerable<string> Facts(IEnumerable<TopologyEndpoint> endpoints) => endpoints
        .Select(e => $"{e.Member} {e.Address} {e.Pod} {e.Uid} {e.Hostname} {e.Node} {e.Ready} {e.Serving} {string.Join(',', e.Ports)}")
        .Order(StringComparer.Ordinal);

    private static LegacyEndpoints Object(params EndpointSubset[] subsets) =>
        new() { Metadata = new ObjectMeta { Name = "cache", Namespace = "prod" }, Subsets = [.. subsets] };

    private static LegacyEvent Listed(string version, params LegacyEndpoints[] objects) => new LegacyEvent.Listed([.. objects], version);

    private static LegacyEvent Modified(string version, LegacyEndpoints @object) => new LegacyEvent.Modified(@object, version);

    private static ImmutableArray<ServiceTopology> FoldLegacy(params LegacyEvent[] events) =>
        [.. events.ToObservable().ToTopology().ToEnumerable()];
}
