using System.Threading.Channels;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>Changes of legacy Endpoints by kubectl appear in the snapshots of their Service.</summary>
public sealed class LegacyEndpointsTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    [RealServerFact]
    public async Task Create_update_and_delete_give_one_snapshot_each()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var snapshots = Channel.CreateUnbounded<ServiceTopology>();
        using var connection = KubeConnection.FromKubeconfig(server.Kubeconfig(server.Tokens.Reader));
        using var subscription = connection.Endpoints(service: "cache").Resume().ToTopology()
            .Subscribe(t => snapshots.Writer.TryWrite(t), e => snapshots.Writer.TryComplete(e), () => snapshots.Writer.TryComplete());
        Assert.Equal("live ", await NextAsync());

        await CreateAsync(
            "cache",
            """[{"addresses":[{"ip":"10.0.0.1","targetRef":{"kind":"Pod","name":"cache-0","uid":"u0"}}],"ports":""" +
            """[{"name":"http","port":8080,"protocol":"TCP"}]}]""");
        Assert.Equal("live cache-0@10.0.0.1:8080", await NextAsync());

        await CreateAsync("other", """[{"addresses":[{"ip":"10.0.0.9"}]}]""");
        await PatchAsync(
            """{"subsets":[{"addresses":[{"ip":"10.0.0.1","targetRef":{"kind":"Pod","name":"cache-0","uid":"u0"}}],"notReadyAddresses":""" +
            """[{"ip":"10.0.0.2","hostname":"cache-1"}],"ports":""" +
            """[{"name":"http","port":8080,"protocol":"TCP"}]}]}""");
        Assert.Equal("live cache-0@10.0.0.1:8080 cache-1@10.0.0.2:8080-", await NextAsync());

        await PatchAsync("""{"metadata":{"annotations":{"endpoints.kubernetes.io/over-capacity":"truncated"}}}""");
        Assert.Equal("live truncated cache-0@10.0.0.1:8080 cache-1@10.0.0.2:8080-", await NextAsync());

        (await server.KubectlAsync("delete endpoints cache")).OutputOrThrow();
        Assert.Equal("live ", await NextAsync());

        async Task<string> NextAsync()
        {
            var topology = await snapshots.Reader.ReadAsync(limit.Token);
            var endpoints = topology.Endpoints.Select(e => $"{e.Member}@{e.Address}:{e.Ports[0].Port}{(e.Ready ? "" : "-")}");
            return $"{topology.Freshness} {(topology.IsTruncated ? "truncated " : "")}{string.Join(' ', endpoints)}";
        }
    }

    private async Task CreateAsync(string name, string subsets) => (await server.KubectlAsync(
        "create --validate=false -f -",
        $$"""{"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"{{name}}"},"subsets":{{subsets}}}""")).OutputOrThrow();

    private async Task PatchAsync(string patch) =>
        (await server.KubectlAsync(["patch", "endpoints", "cache", "--type=merge", "-p", patch])).OutputOrThrow();
}
