using System.Net.Http.Headers;
using System.Text;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>Changes by kubectl appear in <c>rxkube watch -o json</c>: in order, complete, and once each.</summary>
public sealed class KubectlChangesTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    [RealServerFact]
    public async Task Every_change_is_one_line_in_order()
    {
        await using var tool = WatchTool.StartJson(server.Kubeconfig(server.Tokens.Reader), "cache");
        var first = await tool.WaitForAsync(line => line.IsLive, "the empty service");
        using var history = await HistoryAsync("cache");

        await CreateAsync(SliceManifest.Of("cache-a", "cache", 1, 2));
        await CreateAsync(SliceManifest.Of("other-a", "other", 1));
        await CreateAsync(SliceManifest.Of("cache-b", "cache", 3));
        await PatchAsync("cache-a", SliceManifest.Patch("cache-a", 1, 2, 4));
        await PatchAsync("cache-b", SliceManifest.Patch("cache-b", 5));
        await PatchAsync("cache-a", SliceManifest.Patch("cache-a", 4));
        await KubectlAsync("delete endpointslice cache-a");
        await CreateAsync(SliceManifest.Of("cache-a", "cache", 6));
        await KubectlAsync("delete endpointslice cache-b");
        await CreateAsync(SliceManifest.Of("cache-z", "cache", 9));

        await tool.WaitForAsync(line => line.Added.Contains("cache-z-9"), "the last change");
        var lines = tool.Lines.Skip(first + 1).ToArray();
        Assert.Equal(
            [
                "+cache-a-1,cache-a-2 - ~", "+cache-b-3 - ~", "+cache-a-4 - ~", "+cache-b-5 -cache-b-3 ~", "+ -cache-a-1,cache-a-2 ~",
                "+ -cache-a-4 ~", "+cache-a-6 - ~", "+ -cache-b-5 ~", "+cache-z-9 - ~",
            ],
            lines.Select(line => $"+{Join(line.Added)} -{Join(line.Removed)} ~{Join(line.Updated)}"));
        await AssertSameHistoryAsync(history, lines);
        Assert.Equal(
            EndpointFacts.OfKubectlList(await KubectlAsync("get endpointslices -l kubernetes.io/service-name=cache -o json")),
            lines[^1].Endpoints);
        Assert.Equal(0, (await tool.StopAsync()).ExitCode);
    }

    [RealServerFact]
    public async Task Every_change_of_a_burst_is_one_line_in_order()
    {
        const int Changes = 300;
        await CreateAsync(SliceManifest.Of("burst-a", "burst", 0));
        await using var tool = WatchTool.StartJson(server.Kubeconfig(server.Tokens.Reader), "burst");
        var first = await tool.WaitForAsync(line => line is { IsLive: true, Endpoints.Length: 1 }, "the first slice");
        using var history = await HistoryAsync("burst");

        using var client = server.Client();
        for (var change = 1; change <= Changes; change++)
        {
            using var patch = new StringContent(SliceManifest.Patch("burst-a", change), Encoding.UTF8);
            patch.Headers.ContentType = new MediaTypeHeaderValue("application/merge-patch+json");
            (await client.PatchAsync(server.SlicesPath + "/burst-a", patch)).EnsureSuccessStatusCode();
        }

        await tool.WaitForAsync(line => line.Added.Contains($"burst-a-{Changes}"), "the last change");
        var lines = tool.Lines.Skip(first + 1).ToArray();
        Assert.Equal(Enumerable.Range(1, Changes).Select(change => $"burst-a-{change}"), lines.Select(line => Assert.Single(line.Added)));
        Assert.Equal(Enumerable.Range(0, Changes).Select(change => $"burst-a-{change}"), lines.Select(line => Assert.Single(line.Removed)));
        await AssertSameHistoryAsync(history, lines);
    }

    [RealServerFact]
    public async Task What_kubectl_prints_of_a_watch_is_a_recording()
    {
        await CreateAsync(SliceManifest.Of("printed-a", "printed", 1));
        using var history = await HistoryAsync("printed");
        using var kubectl = server.StartKubectl(
            "get endpointslices -l kubernetes.io/service-name=printed -w --output-watch-events -o json");
        var printed = await PrintedAsync("ADDED");
        await PatchAsync("printed-a", SliceManifest.Patch("printed-a", 3)); // the ADDED events before it are the list
        await CreateAsync(SliceManifest.Of("printed-b", "printed", 2));
        await KubectlAsync("delete endpointslice printed-b");
        printed += await PrintedAsync("DELETED");
        kubectl.Kill();
        var versions = await history.VersionsAsync(3);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, printed);
            var replay = await WatchTool.RunAsync("replay", file, "-o", "json", "--speed", "max");
            var lines = replay.OutputOrThrow().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(WatchLine.Parse).ToList();

            Assert.Equal(versions, lines.TakeLast(3).Select(line => line.Version));
            Assert.Equal(
                ["+printed-a-1 - ~", "+printed-a-3 -printed-a-1 ~", "+printed-b-2 - ~", "+ -printed-b-2 ~"],
                lines.Select(line => $"+{Join(line.Added)} -{Join(line.Removed)} ~{Join(line.Updated)}"));
        }
        finally
        {
            File.Delete(file);
        }

        // Up to the first event of a type: kubectl prints one on each line.
        async Task<string> PrintedAsync(string type)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            for (var text = ""; ;)
            {
                var line = await kubectl.StandardOutput.ReadLineAsync(patience.Token);
                text += line + "\n";
                if (Assert.IsType<string>(line).StartsWith($$"""{"type":"{{type}}",""", StringComparison.Ordinal))
                {
                    return text;
                }
            }
        }
    }

    private static string Join(string[] names) => string.Join(',', names);

    /// <summary>Reads the history of the server from now on, without the library.</summary>
    private async Task<RawWatch> HistoryAsync(string service)
    {
        var version = (await KubectlAsync($"get --raw /{server.SlicesPath}?limit=1")).Split("\"resourceVersion\":\"")[1].Split('"')[0];
        return await RawWatch.OpenAsync(
            server.Client(), $"{server.SlicesPath}?watch=1&resourceVersion={version}&labelSelector=kubernetes.io/service-name={service}");
    }

    private static async Task AssertSameHistoryAsync(RawWatch history, WatchLine[] lines)
    {
        Assert.Equal(await history.VersionsAsync(lines.Length), lines.Select(line => line.Version));
        Assert.All(lines, line => Assert.True(line.IsLive));
    }

    private Task<string> CreateAsync(string manifest) => KubectlAsync("create --validate=false -f -", manifest);

    private async Task PatchAsync(string name, string patch) =>
        (await server.KubectlAsync(["patch", "endpointslice", name, "--type=merge", "-p", patch])).OutputOrThrow();

    private async Task<string> KubectlAsync(string arguments, string? stdin = null) =>
        (await server.KubectlAsync(arguments, stdin)).OutputOrThrow();
}
