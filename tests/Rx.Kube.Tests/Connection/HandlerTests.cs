using System.Net;

namespace Rx.Kube.Tests.Connection;

/// <summary>Settings that cannot be tested on loopback without waiting for real time.</summary>
public class HandlerTests
{
    [Fact]
    public void The_handler_finds_dead_connections_by_pings_and_adds_nothing_to_requests()
    {
        var target = new ConnectionTarget
        {
            Server = new Uri("https://s"),
            Source = "test",
            Chosen = "test",
            Namespace = "default",
            Credentials = new StaticCredentials(Credential.Anonymous, "nobody"),
        };
        var options = new KubeConnectionOptions { ConnectTimeout = TimeSpan.FromSeconds(3) };
        using var transport = new ServerTransport(target, options);
        using var handler = transport.CreateHandler(new ServerRoute(target, options, null));

        Assert.Equal(TimeSpan.FromSeconds(25), handler.KeepAlivePingDelay);
        Assert.Equal(TimeSpan.FromSeconds(15), handler.KeepAlivePingTimeout);
        Assert.Equal(HttpKeepAlivePingPolicy.Always, handler.KeepAlivePingPolicy);
        Assert.True(handler.EnableMultipleHttp2Connections);
        Assert.Equal(TimeSpan.FromSeconds(3), handler.ConnectTimeout);
        Assert.Equal(1 << 20, handler.InitialHttp2StreamWindowSize);
        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.False(handler.UseProxy);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
    }
}
