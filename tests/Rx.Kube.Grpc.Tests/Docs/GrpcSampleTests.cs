using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rx.Kube.Grpc.Tests.Support;

namespace Rx.Kube.Grpc.Tests.Docs;

/// <summary>The code of docs/grpc.md does what the page says.</summary>
public sealed class GrpcSampleTests
{
    [Fact]
    public async Task A_key_goes_to_its_owner_and_then_to_the_next_replica()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        using var host = await StartAsync(cluster, GrpcSamples.Register);
        var replicas = new RingMember[2];
        host.Services.GetRequiredService<IKubeTopology>().CurrentRing.Required.Ring.GetReplicas(KeyHash.Of("user-42"), replicas);
        var client = host.Services.GetRequiredService<Cache.CacheClient>();

        Assert.StartsWith(replicas[0].Name, await GrpcSamples.CallAsync(client, ""), StringComparison.Ordinal);
        await cluster[replicas[0].Name].KillAsync();
        Assert.StartsWith(replicas[1].Name, await GrpcSamples.CallAsync(client, ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_authority_is_set_for_the_client()
    {
        using var authority = new TestAuthority("cache.prod.svc");
        await using var cluster = await PodCluster.StartAsync(1, authority.Certificate);
        using var host = await StartAsync(cluster, builder =>
        {
            builder.AddServiceDefaults();
            builder.AddKubeTopology("cache");
            using var trusting = authority.Trusting();
            GrpcSamples.Tls(builder, trusting.SslOptions.CertificateChainPolicy!);
        });

        var client = host.Services.GetRequiredService<Cache.CacheClient>();
        Assert.StartsWith("cache-0 cache.prod.svc", await GrpcSamples.CallAsync(client, ""), StringComparison.Ordinal);
    }

    private static async Task<IHost> StartAsync(PodCluster cluster, Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kube:Connection:Server"] = cluster.Server.Url.AbsoluteUri,
            ["Kube:Connection:Namespace"] = "prod",
        });
        builder.Services.AddMetrics();
        configure(builder);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
