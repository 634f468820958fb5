using static Rx.Kube.Simulator.Tests.KubeObjects;
using static Rx.Kube.Simulator.Tests.SimulatorRequests;

namespace Rx.Kube.Simulator.Tests;

public sealed class ListTests
{
    [Fact]
    public async Task All_pages_of_a_list_have_one_version_in_spite_of_changes()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            server.Cluster.Create("endpointslices", Slice(name));
        }

        var (_, first) = await client.GetJsonAsync(Slices + "?limit=2");
        server.Cluster.Delete("endpointslices", "default", "d");
        server.Cluster.Create("endpointslices", Slice("f"));
        var (_, second) = await client.GetJsonAsync($"{Slices}?limit=9&continue={first["metadata"]!["continue"]}");

        Assert.Equal(["a", "b"], first["items"]!.AsArray().Select(i => i!.Name()));
        Assert.Equal(["c", "d", "e"], second["items"]!.AsArray().Select(i => i!.Name()));
        Assert.Equal(first.Version(), second.Version());
    }

    [Fact]
    public async Task An_expired_page_is_410_with_a_token_for_the_rest()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        foreach (var name in (string[])["a", "b", "c"])
        {
            server.Cluster.Create("endpointslices", Slice(name));
        }

        var (_, first) = await client.GetJsonAsync(Slices + "?limit=1");
        server.Cluster.Delete("endpointslices", "default", "b");
        server.Cluster.Compact();
        var (status, expired) = await client.GetJsonAsync($"{Slices}?limit=1&continue={first["metadata"]!["continue"]}");
        var (_, rest) = await client.GetJsonAsync($"{Slices}?limit=9&continue={expired["metadata"]!["continue"]}");

        Assert.Equal((410, "Expired"), (status, (string?)expired["reason"]));
        Assert.Equal(["c"], rest["items"]!.AsArray().Select(i => i!.Name()));
        Assert.NotEqual(first.Version(), rest.Version());
    }

    [Fact]
    public async Task A_list_at_a_version_that_never_comes_is_504()
    {
        var time = new ManualTime();
        await using var server = await ApiServerSimulator.StartAsync(new() { Time = time });
        using var client = server.Client();

        var answer = client.GetAsync(new Uri(Slices + "?resourceVersion=99", UriKind.Relative));
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        using var response = await answer;
        Assert.Equal(504, (int)response.StatusCode);
        Assert.Contains("ResourceVersionTooLarge", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_waits_for_its_version()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Time = new ManualTime() });
        using var client = server.Client();

        var answer = client.GetJsonAsync(Slices + "?resourceVersion=2");
        server.Cluster.Create("endpointslices", Slice("a"));

        Assert.Equal(200, (await answer).Status);
    }
}
