using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.OldestReactive.Tests;

/// <summary>What the README shows, on the oldest System.Reactive that Rx.Kube supports.</summary>
public sealed class OldestReactiveTests
{
    [Fact]
    public void This_project_runs_on_the_oldest_supported_version() =>
        Assert.Equal(new Version(6, 0), Short(typeof(Observable).Assembly.GetName().Version!));

    [Fact]
    public void No_package_of_ours_asks_for_a_newer_one() =>
        Assert.All(
            [typeof(KubeConnection), typeof(VirtualClock), typeof(KubernetesKind)],
            type => Assert.All(
                type.Assembly.GetReferencedAssemblies().Where(name => name.Name == "System.Reactive"),
                name => Assert.Equal(new Version(6, 0), Short(name.Version!))));

    [Fact]
    public void A_watch_is_resumed_and_folded_and_makes_a_ring()
    {
        var clock = new VirtualClock();
        var slice = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1");
        var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['l'] = WatchEvents.Listed("1", slice),
            ['m'] = WatchEvents.Modified(slice.With("cache-1", "10.0.0.2"), "2"),
        })
        {
            Lists = ["(l|)"],
            Connections = ["-#", "-m"],
        };
        var rings = new List<string>();
        using var subscription = server.Resume(ResumeOptions.WithoutJitter, clock).ToTopology()
            .Settle(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50), clock)
            .ToHashRing().Subscribe(ring => rings.Add(string.Join(",", ring.Members.Select(member => member.Name))));

        clock.AdvanceBy(TimeSpan.FromSeconds(10));

        Assert.Equal(["cache-0", "cache-0,cache-1"], rings);
    }

    [Fact]
    public async Task A_connection_lists_and_watches_over_http()
    {
        await using var server = await Simulator.ApiServerSimulator.StartAsync();
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, server.Url);

        var topology = await kube.EndpointSlices("prod", service: "cache").Resume().ToTopology().WhereSynced()
            .FirstAsync().Timeout(TimeSpan.FromSeconds(30)).ToTask();

        Assert.Empty(topology.Members);
    }

    private static Version Short(Version version) => new(version.Major, version.Minor);
}
