using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.Grpc.Tests.Support;

namespace Rx.Kube.Grpc.Tests;

/// <summary>Pods are connected to by address, and their certificates are for a name.</summary>
public sealed class TlsTests
{
    [Theory]
    [InlineData(null, "cache.prod.svc")]
    [InlineData("cache.prod.svc", "cache.prod.svc")]
    [InlineData("cache.example", "cache.example")]
    public async Task A_certificate_of_a_private_authority_for_the_name_of_the_service_is_enough(string? name, string inCertificate)
    {
        using var authority = new TestAuthority(inCertificate);
        await using var cluster = await PodCluster.StartAsync(3, authority.Certificate);
        await using var host = await StartAsync(cluster, authority, r => r.ByHeader("x-key").Replicas(2).Tls(name));
        var key = host.KeyOf("cache-1");

        Assert.Equal($"cache-1 {inCertificate} {cluster["cache-1"].Address}", await host.Client.WhoAsync(key));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        using var authority = new TestAuthority("cache.prod.svc");
        await using var cluster = await PodCluster.StartAsync(1, authority.Certificate);
        await using var host = await StartAsync(cluster, authority, r => r.Tls("other.prod.svc"));

        var error = await Assert.ThrowsAsync<RpcException>(() => host.Client.WhoAsync(timeout: TimeSpan.FromSeconds(5)));
        Assert.Equal(0, cluster["cache-0"].Calls);
        Assert.NotEqual(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Without_tls_the_pods_are_asked_for_the_name_of_the_service_too()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var host = await ClientHost.StartAsync(cluster);

        Assert.Equal($"cache-0 cache.prod.svc {cluster["cache-0"].Address}", await host.Client.WhoAsync());
    }

    private static Task<ClientHost> StartAsync(PodCluster cluster, TestAuthority authority, Action<KubeLoadBalancing> balancing) =>
        ClientHost.StartAsync(cluster, builder =>
        {
            builder.AddServiceDefaults();
            builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address))
                .ConfigurePrimaryHttpMessageHandler(authority.Trusting)
                .AddKubeLoadBalancing(balancing);
        });
}
