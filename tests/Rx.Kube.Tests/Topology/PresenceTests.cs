using System.Net;
using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Watching;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>No such Service is not the same as a Service without endpoints, and that is not the same as none ready.</summary>
public sealed class PresenceTests
{
    private static readonly ServiceName Cache = new("prod", "cache");

    private static readonly Endpoint NotReady = Pod("cache-0", "10.0.0.1") with { Ready = false };

    [Fact]
    public void Each_kind_of_absence_has_a_name()
    {
        var both = Fold(
            Cache,
            Interrupted(), Listed("1"), Added("2", Slice("a")), Modified("3", Slice("a", NotReady)),
            Modified("4", Slice("a", Pod("cache-0", "10.0.0.1"))), Deleted("5", Slice("a")));

        Assert.Equal(
            [
                ServicePresence.Unknown, ServicePresence.NoSlices, ServicePresence.NoEndpoints, ServicePresence.NoneReady,
                ServicePresence.Ready, ServicePresence.NoSlices,
            ],
            both.Select(s => s.Presence));
        Assert.Equal([0, 0, 1, 1, 1, 0], both.Select(s => s.SliceCount));
        Assert.All(both, s => Assert.Equal("prod/cache", $"{s.Namespace}/{s.Service}"));
    }

    [Fact]
    public void The_presence_is_content_so_that_no_slice_and_an_empty_slice_are_two_snapshots()
    {
        var (none, empty) = (Fold(Cache, Listed("1"))[^1], Fold(Cache, Listed("1", Slice("a")))[^1]);

        Assert.NotEqual(none, empty);
        Assert.Equal(empty, Fold(Cache, Listed("9", Slice("a"), Slice("b")))[^1]);
        Assert.Equal("prod/cache: no slices; live at 1", none.ToString());
        Assert.Equal("prod/cache: no endpoints; live at 1", empty.ToString());
    }

    [Fact]
    public void A_slice_that_could_not_be_decoded_does_not_mean_that_there_is_none() =>
        Assert.Equal(ServicePresence.Unknown, Fold(Cache, Listed("1"), Skipped("2", "a"))[^1].Presence);

    [Fact]
    public void In_a_cluster_each_Service_has_its_own_presence()
    {
        var cluster = Observable.Return(Listed("1", Slice("a"))).ToClusterTopology().Wait();

        Assert.Equal(ServicePresence.NoEndpoints, cluster[Cache].Presence);
        Assert.Equal(ServicePresence.NoSlices, cluster[new("prod", "cach")].Presence);
    }

    [Fact]
    public void A_filter_that_leaves_nothing_leaves_a_Service_without_endpoints() =>
        Assert.Equal(
            ServicePresence.NoEndpoints,
            Observable.Return(Last(Listed("1", Slice("a", NotReady)))).WhereReady().Wait().Presence);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_name_of_the_Service_that_was_selected_is_in_the_snapshot_before_there_is_a_slice(bool areSlices)
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock)
        {
            Responses = [Unavailable(), Unavailable(), ScriptedResponse.Of(SliceJson.List("17"))],
        };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var seen = new List<ServiceTopology>();
        using var subscription = (areSlices
            ? kube.EndpointSlices("prod", "cache").Resume(ResumeOptions.WithoutJitter, clock).ToTopology()
            : kube.Endpoints("prod", "cache").Resume(ResumeOptions.WithoutJitter, clock).ToTopology()).Subscribe(seen.Add);
        clock.AdvanceTo(TimeSpan.FromSeconds(10));

        Assert.Equal([ServicePresence.Unknown, ServicePresence.NoSlices], seen.Select(s => s.Presence));
        Assert.All(seen, s => Assert.Equal(("prod", "cache"), (s.Namespace, s.Service)));
    }

    private static ScriptedResponse Unavailable() => ScriptedResponse.Of("", HttpStatusCode.ServiceUnavailable);

    [Theory]
    [InlineData("Cache", "write 'cache'")]
    [InlineData("cache.prod", "pass the namespace 'prod' and the Service 'cache' as two arguments")]
    [InlineData("cache_1", "correct the name")]
    [InlineData("-cache", "correct the name")]
    [InlineData("", "correct the name")]
    public void A_name_that_no_Service_can_have_is_refused_at_once(string name, string fix)
    {
        using var kube = new CannedServer().Connection;
        ArgumentException[] errors =
        [
            Assert.Throws<ArgumentException>("service", () => kube.EndpointSlices("prod", name)),
            Assert.Throws<ArgumentException>("service", () => kube.Endpoints("prod", name)),
            Assert.Throws<ArgumentException>("service", () => Observable.Never<WatchEvent<EndpointSlice>>().ToTopology(new("prod", name))),
        ];
        Assert.All(errors, e => Assert.Contains($"To fix: {fix}.", e.Message, StringComparison.Ordinal));
    }
}
