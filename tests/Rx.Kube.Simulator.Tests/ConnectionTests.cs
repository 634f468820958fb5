using System.Net;
using System.Net.Security;
using static Rx.Kube.Simulator.Tests.KubeObjects;
using static Rx.Kube.Simulator.Tests.SimulatorRequests;

namespace Rx.Kube.Simulator.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public async Task CloseWatches_ends_watches_cleanly_after_earlier_events()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var watch = await client.WatchAsync("resourceVersion=1");

        server.Cluster.Create("endpointslices", Slice("a"));
        server.CloseWatches();

        Assert.Equal("ADDED a", await watch.TextAsync());
        Assert.Equal("end", await watch.TextAsync());
    }

    [Fact]
    public async Task AbortConnections_breaks_open_watches_and_new_ones_work()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var watch = await client.WatchAsync("resourceVersion=1");

        server.AbortConnections();

        await Assert.ThrowsAnyAsync<IOException>(watch.NextAsync);
        Assert.Equal(200, (await client.GetJsonAsync(Slices)).Status);
    }

    [Fact]
    public async Task While_offline_open_and_new_connections_break()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var watch = await client.WatchAsync("resourceVersion=1");

        server.Offline = true;
        await Assert.ThrowsAnyAsync<IOException>(watch.NextAsync);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetJsonAsync(Slices));
        server.Offline = false;
        Assert.Equal(200, (await client.GetJsonAsync(Slices)).Status);
    }

    [Fact]
    public async Task A_client_that_disconnects_leaves_no_watch_behind()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using (var client = server.Client())
        using (await client.WatchAsync("resourceVersion=1"))
        {
            Assert.Equal(1, server.OpenWatches);
        }

        Assert.True(SpinWait.SpinUntil(() => server.OpenWatches == 0, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Dispose_ends_open_watches_and_frees_the_port()
    {
        var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var watch = await client.WatchAsync("resourceVersion=1");

        await server.DisposeAsync();
        await server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetJsonAsync(Slices));
        await using var next = await ApiServerSimulator.StartAsync(new() { Port = server.Url.Port });
        await Assert.ThrowsAnyAsync<IOException>(() => ApiServerSimulator.StartAsync(new() { Port = server.Url.Port }));
    }

    [Theory]
    [InlineData(false, false, "1.1")]
    [InlineData(false, true, "2.0")]
    [InlineData(true, false, "1.1")]
    [InlineData(true, false, "2.0")]
    public async Task Http_1_and_2_are_served_with_and_without_tls(bool https, bool http2WithoutTls, string version)
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Https = https, Http2WithoutTls = http2WithoutTls });
        using var handler = new SocketsHttpHandler { SslOptions = Trusting(server) };
        using var client = new HttpClient(handler)
        {
            BaseAddress = server.Url,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await client.GetAsync(new Uri(Slices, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        using var watch = await client.WatchAsync("resourceVersion=1");
        server.Cluster.Create("endpointslices", Slice("a"));
        Assert.Equal("ADDED a", await watch.TextAsync());
    }

    private static SslClientAuthenticationOptions Trusting(ApiServerSimulator server)
    {
        var options = new SslClientAuthenticationOptions();
        if (server.Certificate is not null)
        {
            options.CertificateChainPolicy = new()
            {
                TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
                RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.Add(server.Certificate);
        }

        return options;
    }
}
