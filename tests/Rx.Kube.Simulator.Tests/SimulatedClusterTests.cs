using System.Text.Json.Nodes;
using static Rx.Kube.Simulator.Tests.KubeObjects;

namespace Rx.Kube.Simulator.Tests;

public sealed class SimulatedClusterTests : IAsyncLifetime
{
    private ApiServerSimulator _server = null!;

    private SimulatedCluster Cluster => _server.Cluster;

    public async Task InitializeAsync() => _server = await ApiServerSimulator.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Create_gives_an_identity_and_the_next_version()
    {
        var before = Cluster.Version;
        var o = Cluster.Create("endpointslices", Slice("a"));

        Assert.Equal($"{before + 1}", o.Version());
        Assert.Equal("default", (string?)o["metadata"]!["namespace"]);
        Assert.True(Guid.TryParse((string?)o["metadata"]!["uid"], out _));
        Assert.Equal(409, Assert.Throws<ApiStatusException>(() => Cluster.Create("endpointslices", Slice("a"))).Code);
    }

    [Fact]
    public void Versions_count_over_all_resources()
    {
        var slice = Cluster.Create("endpointslices", Slice("a"));
        var pod = Cluster.Create("pods", new() { ["metadata"] = new JsonObject { ["name"] = "p" } });
        Assert.Equal(long.Parse(slice.Version(), null) + 1, long.Parse(pod.Version(), null));
    }

    [Fact]
    public void Replace_with_an_old_version_is_a_conflict()
    {
        var first = Cluster.Create("endpointslices", Slice("a"));
        var second = Cluster.Replace("endpointslices", first);

        Assert.Equal(409, Assert.Throws<ApiStatusException>(() => Cluster.Replace("endpointslices", first)).Code);
        second["metadata"]!.AsObject().Remove("resourceVersion");
        Cluster.Replace("endpointslices", second);
    }

    [Fact]
    public void Arguments_are_copied_and_results_belong_to_the_caller()
    {
        var given = Slice("a");
        var created = Cluster.Create("endpointslices", given);
        given["addressType"] = "IPv6";
        created["addressType"] = "FQDN";
        Assert.Equal("IPv4", (string?)Cluster.Get("endpointslices", "default", "a")!["addressType"]);
    }

    [Fact]
    public void A_list_is_filtered_and_in_order()
    {
        Cluster.Create("endpointslices", Slice("b", ("app", "x")));
        Cluster.Create("endpointslices", Slice("a", ("app", "x")));
        Cluster.Create("endpointslices", Slice("c"));
        Cluster.Patch(
            "endpointslices", "default", "c", new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["z"] = "1" } } });
        Cluster.Delete("endpointslices", "default", "b");

        Assert.Equal(["a", "c"], Cluster.List("endpointslices").Select(o => o.Name()));
        Assert.Equal(["a"], Cluster.List("endpointslices", "default", "app=x").Select(o => o.Name()));
        Assert.Empty(Cluster.List("endpointslices", "other"));
        Assert.Equal(404, Assert.Throws<ApiStatusException>(() => Cluster.Delete("endpointslices", "default", "b")).Code);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_identities()
    {
        await using var other = await ApiServerSimulator.StartAsync();
        await using var different = await ApiServerSimulator.StartAsync(new() { Seed = 2 });
        JsonObject Generated() => new() { ["metadata"] = new JsonObject { ["generateName"] = "p-" } };
        string Uid(ApiServerSimulator server) => (string)server.Cluster.Create("pods", Generated())["metadata"]!["uid"]!;

        var uid = Uid(_server);
        Assert.Equal(uid, Uid(other));
        Assert.NotEqual(uid, Uid(different));
    }

    [Fact]
    public void An_unknown_resource_is_an_error_that_lists_the_served_ones() =>
        Assert.Contains(
            "endpointslices", Assert.Throws<ArgumentException>(() => Cluster.List("widgets")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Parallel_writers_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Cluster.Create("pods", new() { ["metadata"] = new JsonObject { ["name"] = $"p-{w}-{i}" } });
            }
        })));
        Assert.Equal(800, Cluster.List("pods").Count);
        Assert.Equal(801, Cluster.Version);
    }
}
