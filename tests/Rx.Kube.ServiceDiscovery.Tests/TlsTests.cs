using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.ServiceDiscovery.Tests.Support;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.ServiceDiscovery.Tests;

/// <summary>The certificate of a Service is for its name, and not for the addresses of its pods.</summary>
public sealed class TlsTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_name_in_the_handshake_and_in_the_host_header_is_the_name_of_the_request(bool routed, bool hasServiceDefaults)
    {
        using var authority = new TestAuthority("cache");
        await using var cluster = await PodCluster.StartAsync(2, authority.Certificate);
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
            var client = builder.Services.AddHttpClient("cache", client => client.BaseAddress = new("https://cache"))
                .ConfigurePrimaryHttpMessageHandler(authority.Trusting);
            _ = hasServiceDefaults ? builder.AddServiceDefaults().Services : client.AddServiceDiscovery().Services;
            _ = routed ? client.AddKubeRouting() : client;
        });
        foreach (var (version, address, answer) in new[]
        {
            (HttpVersion.Version11, "https://cache/", "8443 cache HTTP/1.1 /"),
            (HttpVersion.Version20, "https://cache/", "8443 cache HTTP/2 /"),
            (HttpVersion.Version20, "https+http://cache/", "8443 cache HTTP/2 /"),
            (HttpVersion.Version20, "https://cache:8443/a", "8443 cache:8443 HTTP/2 /a"),
        })
        {
            HashSet<string> pods = [];
            for (var i = 0; i < 4; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address)
                {
                    Version = version,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                using var response = await caller.Client.SendAsync(request);
                var parts = (await response.Content.ReadAsStringAsync()).Split(' ', 2);
                pods.Add(parts[0]);
                Assert.Equal(answer, parts[1]);
            }

            Assert.Equal(2, pods.Count);
        }
    }

    [Fact]
    public async Task A_pod_that_refuses_the_handshake_costs_no_request()
    {
        using var authority = new TestAuthority("cache");
        using var another = new TestAuthority("cache");
        await using var cluster = await PodCluster.StartAsync(1, authority.Certificate);
        await using var stranger = await Pod.StartAsync("cache-1", cluster.NextAddress(), another.Certificate);
        cluster.Publish(cluster.Slice.With(stranger.Name, stranger.Address));
        await using var caller = await Caller.StartAsync(cluster, builder => builder.Services
            .AddHttpClient("cache", client => client.BaseAddress = new("https://cache"))
            .ConfigurePrimaryHttpMessageHandler(authority.Trusting).AddKubeRouting());

        Assert.Equal(new() { ["cache-0"] = 10 }, await caller.TallyAsync(10));
    }

    [Fact]
    public async Task A_name_that_the_certificate_is_not_for_is_refused()
    {
        using var authority = new TestAuthority("cache");
        await using var cluster = await PodCluster.StartAsync(1, authority.Certificate);
        await using var caller = await Caller.StartAsync(cluster, builder => builder.Services.AddHttpClient("cache")
            .ConfigurePrimaryHttpMessageHandler(authority.Trusting).AddKubeRouting());

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync("https://cache.prod/"));

        Assert.Equal(HttpRequestError.SecureConnectionError, error.HttpRequestError);
    }
}
