using System.Text.Json.Nodes;
using static Rx.Kube.Simulator.Tests.Http;

namespace Rx.Kube.Simulator.Tests;

public sealed class SimulatedClusterTests : IAsyncLifetime
{
    private ApiServerSimulator _server = null!;

    private SimulatedCluster Cluster => _server.Cluster;

    public async Task InitializeAsync() => _server = await ApiServerSimulator.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Create_GivesIdentityAndTheNextVersion()
    {
        var before = Cluster.Version;
        var o = Cluster.Create("endpointslices", Slice("a"));

        Assert.Equal($"{before + 1}", o.Version());
        Assert.Equal("default", (string?)o["metadata"]!["namespace"]);
        Assert.True(Guid.TryParse((string?)o["metadata"]!["uid"], out _));
        Assert.Equal(409, Assert.Throws<ApiStatusException>(() => Cluster.Create("endpointslices", Slice("a"))).Code);
    }

    [Fact]
    public void VersionsCountOverAllResources()
    {
        var slice = Cluster.Create("endpointslices", Slice("a"));
        var pod = Cluster.Create("pods", new() { ["metadata"] = new JsonObject { ["name"] = "p" } });
        Assert.Equal(long.Parse(slice.Version(), null) + 1, long.Parse(pod.Version(), null));
    }

    [Fact]
    public void Replace_WithAnOldVersion_IsAConflict()
    {
        var first = Cluster.Create("endpointslices", Slice("a"));
        var second = Cluster.Replace("endpointslices", first);

        Assert.Equal(409, Assert.Throws<ApiStatusException>(() => Cluster.Replace("endpointslices", first)).Code);
        second["metadata"]!.AsObject().Remove("resourceVersion");
        Cluster.Replace("endpointslices", second);
    }

    [Fact]
    public void WhatIsReturned_IsTheCallersOwn()
    {
        var given = Slice("a");
        var created = Cluster.Create("endpointslices", given);
        given["addressType"] = "IPv6";
        created["addressType"] = "FQDN";
        Assert.Equal("IPv4", (string?)Cluster.Get("endpointslices", "default", "a")!["addressType"]);
    }

    [Fact]
    public void List_IsSelectedAndInOrder()
    {
        Cluster.Create("endpointslices", Slice("b", ("app", "x")));
        Cluster.Create("endpointslices", Slice("a", ("app", "x")));
        Cluster.Create("endpointslices", Slice("c"));
        Cluster.Patch("endpointslices", "default", "c", new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["z"] = "1" } } });
        Cluster.Delete("endpointslices", "default", "b");

        Assert.Equal(["a", "c"], Cluster.List("endpointslices").Select(o => o.Name()));
        Assert.Equal(["a"], Cluster.List("endpointslices", "default", "app=x").Select(o => o.Name()));
        Assert.Empty(Cluster.List("endpointslices", "other"));
        Assert.Equal(404, Assert.Throws<ApiStatusException>(() => Cluster.Delete("endpointslices", "default", "b")).Code);
    }

    [Fact]
    public async Task TheSameSeed_GivesTheSameIdentities()
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
    public void AnUnknownResource_IsToldWithWhatThereIs() =>
        Assert.Contains("endpointslices", Assert.Throws<ArgumentException>(() => Cluster.List("widgets")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ParallelWriters_LoseNothing()
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
