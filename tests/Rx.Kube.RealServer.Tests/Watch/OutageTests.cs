using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>
/// The server is killed while its data and history change. The tool reports the outage and converges to the state of the server.
/// </summary>
public sealed class OutageTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private const string Service = "cache";

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task Changes_directly_after_a_restart_are_all_found()
    {
        await CreateAsync(SliceManifest.Of("direct-a", "direct", 1, 2));
        await using var tool = WatchTool.StartJson(server.KubeconfigPath, "direct");
        var before = await tool.WaitForAsync(line => line is { IsLive: true, Endpoints.Length: 2 }, "the first slice");

        for (var round = 0; round < 3; round++)
        {
            server.KillServer();
            var stale = await tool.WaitForAsync(line => !line.IsLive, "stale", before + 1);
            await server.StartServerAsync();
            await KubectlAsync("delete endpointslice direct-a");
            await CreateAsync(SliceManifest.Of("direct-a", "direct", 10 + round, 20 + round));
            await CreateAsync(SliceManifest.Of($"direct-{(char)('b' + round)}", "direct", round));
            before = await AssertConvergesAsync(tool, "direct", from: stale, lastLive: before);
        }

        Assert.Equal(0, (await tool.StopAsync()).ExitCode);
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task Changes_during_an_outage_with_a_compacted_history_are_all_found_with_each_deletion_once()
    {
        await server.RestartAsync(server.NoSliceCacheFlag);
        await CreateAsync(SliceManifest.Of("cache-a", Service, 1, 2));
        await CreateAsync(SliceManifest.Of("cache-b", Service, 3));
        await CreateAsync(SliceManifest.Of("cache-c", Service, 4, 5));
        await using var tool = WatchTool.StartJson(server.KubeconfigPath, Service);
        var live = await tool.WaitForAsync(line => line is { IsLive: true, Endpoints.Length: 5 }, "all slices");

        server.KillServer();
        var stale = await tool.WaitForAsync(line => !line.IsLive, "stale", live + 1);
        await tool.FreezeAsync();
        await server.StartServerAsync(server.NoSliceCacheFlag);
        await KubectlAsync("delete endpointslice cache-a");
        await PatchAsync("cache-b", SliceManifest.Patch("cache-b", 3, 6));
        await CreateAsync(SliceManifest.Of("cache-d", Service, 7));
        await KubectlAsync("delete endpointslice cache-c");
        await CreateAsync(SliceManifest.Of("cache-c", Service, 5, 8));
        server.KillServer();
        await server.CompactAsync();
        await server.StartServerAsync(server.NoSliceCacheFlag);
        await tool.ThawAsync();

        var last = await AssertConvergesAsync(tool, Service, from: stale, lastLive: live);
        var away = tool.Lines.Skip(live + 1).Take(last - live).ToArray();
        Assert.All(away[..^1], line => Assert.Equal("stale", line.Freshness)); // the history is lost, so no old snapshot is live
        Assert.Equal(["cache-a-1", "cache-a-2", "cache-c-4"], away.SelectMany(line => line.Removed).Order());
        Assert.Equal(["cache-b-6", "cache-c-8", "cache-d-7"], away.SelectMany(line => line.Added).Order());
        Assert.Equal(0, (await tool.StopAsync()).ExitCode);
    }

    /// <summary>
    /// Waits until a live line equals the answer of kubectl. All lines since the last live one are stale and have a cause.
    /// </summary>
    private async Task<int> AssertConvergesAsync(WatchTool tool, string service, int from, int lastLive)
    {
        var expected = EndpointFacts.OfKubectlList(
            await KubectlAsync($"get endpointslices -l kubernetes.io/service-name={service} -o json"));
        var equal = await tool.WaitForAsync(
            line => line.IsLive && expected.SequenceEqual(line.Endpoints), $"the state of kubectl: {string.Join(" | ", expected)}", from);

        var lines = tool.Lines;
        var gap = lines.Skip(lastLive + 1).TakeWhile(line => !line.IsLive).ToArray();
        Assert.NotEmpty(gap);
        Assert.All(gap, line =>
        {
            Assert.Equal("stale", line.Freshness);
            Assert.False(string.IsNullOrWhiteSpace(line.Cause));
            Assert.NotNull(line.RetryInMs);
            Assert.Equal(lines[lastLive].Endpoints, line.Endpoints);
        });
        Assert.Equal(expected, tool.Lines[^1].Endpoints);
        return equal;
    }

    private Task<string> CreateAsync(string manifest) => KubectlAsync("create --validate=false -f -", manifest);

    private async Task PatchAsync(string name, string patch) =>
        (await server.KubectlAsync(["patch", "endpointslice", name, "--type=merge", "-p", patch])).OutputOrThrow();

    private async Task<string> KubectlAsync(string arguments, string? stdin = null) =>
        (await server.KubectlAsync(arguments, stdin)).OutputOrThrow();
}
