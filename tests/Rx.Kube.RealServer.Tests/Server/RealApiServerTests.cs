using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rx.Kube.RealServer.Tests.Server;

public sealed class RealApiServerTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private const string Gone = "Expired";

    private static string Slice(string name, string address = "10.0.0.1") =>
        $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: {{name}}, labels: { kubernetes.io/service-name: cache } }
        addressType: IPv4
        endpoints: [{ addresses: [{{address}}] }]
        ports: [{ port: 80 }]
        """;

    [RealServerFact]
    public async Task An_object_that_kubectl_creates_is_in_the_list()
    {
        await CreateAsync("listed");

        var (version, names) = await ListAsync();

        Assert.NotEqual("0", version);
        Assert.Contains("listed", names);
    }

    [RealServerFact]
    public async Task Changes_by_kubectl_are_in_the_watch()
    {
        var (version, _) = await ListAsync();
        using var client = server.Client(server.Tokens.Reader);
        using var watch = await OpenWatchAsync(client, version);

        await CreateAsync("watched");
        (await server.KubectlAsync("delete endpointslice watched")).OutputOrThrow();

        Assert.Equal(("ADDED", "watched"), await watch.NextAsync());
        Assert.Equal(("DELETED", "watched"), await watch.NextAsync());
    }

    [RealServerFact]
    public async Task Every_token_has_its_documented_rights()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Tokens.Reader, ""));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Tokens.Lister, ""));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server.Tokens.Lister, "?watch=1&timeoutSeconds=1"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server.Tokens.Unprivileged, ""));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("no-such-token", ""));
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_restart_keeps_address_and_data_and_loses_the_history()
    {
        var url = server.Url;
        var (old, _) = await ListAsync();
        await CreateAsync("survivor");

        server.KillServer();
        using (var client = server.Client())
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync("readyz"));
        }

        await server.StartServerAsync();

        Assert.Equal(url, server.Url);
        Assert.Contains("survivor", (await ListAsync()).Names);
        using var reader = server.Client();
        using var watch = await OpenWatchAsync(reader, old);
        Assert.Equal(("ERROR", Gone), await watch.NextAsync());
    }

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_compaction_without_watch_cache_loses_the_history()
    {
        await server.RestartAsync(server.NoSliceCacheFlag);
        var (old, _) = await ListAsync();
        await CreateAsync("compacted");
        await CreateAsync("kept"); // the compacted revision itself is still served

        var revision = await server.CompactAsync();

        Assert.True(revision > long.Parse(old), $"compacted at {revision}, listed at {old}");
        using var client = server.Client();
        using var watch = await OpenWatchAsync(client, old);
        Assert.Equal(("ERROR", Gone), await watch.NextAsync());
    }

    private async Task CreateAsync(string name) =>
        (await server.KubectlAsync("create --validate=false -f -", Slice(name))).OutputOrThrow();

    private async Task<(string Version, string[] Names)> ListAsync()
    {
        using var client = server.Client();
        var list = await client.GetFromJsonAsync<JsonElement>(server.SlicesPath);
        return (list.GetProperty("metadata").GetProperty("resourceVersion").GetString()!,
            [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("metadata").GetProperty("name").GetString()!)]);
    }

    private async Task<HttpStatusCode> StatusAsync(string token, string query)
    {
        using var client = server.Client(token);
        using var response = await client.GetAsync(server.SlicesPath + query);
        return response.StatusCode;
    }

    private async Task<RawWatch> OpenWatchAsync(HttpClient client, string version) =>
        await RawWatch.OpenAsync(client, $"{server.SlicesPath}?watch=1&timeoutSeconds=30&resourceVersion={version}");
}
