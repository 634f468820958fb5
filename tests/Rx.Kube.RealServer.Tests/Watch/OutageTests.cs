using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>The server is killed and its data and history change; the tool says so, and ends at the truth.</summary>
public sealed class OutageTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private const string Service = "cache";

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task ChangesDirectlyAfterTheRestart_AreAllSeen()
    {
        await CreateAsync(SliceManifest.Of("direct-a", "direct", 1, 2));
        await using var tool = Tool.StartJson(server.KubeconfigPath, "direct");
        var before = await tool.WaitForAsync(line => line is { IsLive: true, Endpoints.Length: 2 }, "the first slice");

        for (var round = 0; round < 3; round++)
        {
            server.KillServer();
            var stale = await tool.WaitForAsync(line => !line.IsLive, "stale", before + 1);
            await server.StartServerAsync();
            await KubectlAsync("delete endpointslice direct-a");
            await CreateAsync(SliceManifest.Of("direct-a", "direct", 10 + round, 20 + round));
            await CreateAsync(SliceManifest.Of($"direct-{(char)('b' + round)}", "direct", round));
            before = await AssertTruthAsync(tool, "direct", from: stale, lastLive: before);
        }

        Assert.Equal(0, (await tool.StopAsync()).ExitCode);
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task ChangesWhileAway_AndACompactedHistory_EndAtTheTruth_WithEveryDeletionOnce()
    {
        await server.RestartAsync(server.NoSliceCacheFlag);
        await CreateAsync(SliceManifest.Of("cache-a", Service, 1, 2));
        await CreateAsync(SliceManifest.Of("cache-b", Service, 3));
        await CreateAsync(SliceManifest.Of("cache-c", Service, 4, 5));
        await using var tool = Tool.StartJson(server.KubeconfigPath, Service);
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

        var last = await AssertTruthAsync(tool, Service, from: stale, lastLive: live);
        var away = tool.Lines.Skip(live + 1).Take(last - live).ToArray();
        Assert.All(away[..^1], line => Assert.Equal("stale", line.Freshness)); // the history is gone: nothing old is called live
        Assert.Equal(["cache-a-1", "cache-a-2", "cache-c-4"], away.SelectMany(line => line.Removed).Order());
        Assert.Equal(["cache-b-6", "cache-c-8", "cache-d-7"], away.SelectMany(line => line.Added).Order());
        Assert.Equal(0, (await tool.StopAsync()).ExitCode);
    }

    /// <summary>Waits until a live line equals kubectl's answer; all lines since the last live one said stale, and why.</summary>
    private async Task<int> AssertTruthAsync(Tool tool, string service, int from, int lastLive)
    {
        var truth = EndpointFacts.OfKubectlList(await KubectlAsync($"get endpointslices -l kubernetes.io/service-name={service} -o json"));
        var equal = await tool.WaitForAsync(line => line.IsLive && truth.SequenceEqual(line.Endpoints), $"the truth: {string.Join(" | ", truth)}", from);

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
        Assert.Equal(truth, tool.Lines[^1].Endpoints);
        return equal;
    }

    private Task<string> CreateAsync(string manifest) => KubectlAsync("create --validate=false -f -", manifest);

    private async Task PatchAsync(string name, string patch) =>
        (await server.KubectlAsync(["patch", "endpointslice", name, "--type=merge", "-p", patch])).OutputOrThrow();

    private async Task<string> KubectlAsync(string arguments, string? stdin = null) =>
        (await server.KubectlAsync(arguments, stdin)).OutputOrThrow();
}
