using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rx.Kube.ServiceDiscovery.Tests.Support;

/// <summary>A pod: a web server on an address of its own, which can be killed as a process is.</summary>
internal sealed class Pod : IAsyncDisposable
{
    public const int Http = 8080, Https = 8443, Metrics = 9090;

    private readonly ConcurrentDictionary<string, ConnectionContext> _connections = new(StringComparer.Ordinal);
    private WebApplication? _app;
    private int _requests;

    private Pod(string name, string address) => (Name, Address) = (name, address);

    public string Name { get; }

    public string Address { get; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Gets or sets the status of the answers.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Gets or sets how long an answer takes.</summary>
    public TimeSpan Delay { get; set; }

    public static async Task<Pod> StartAsync(string name, string address, X509Certificate2? certificate = null)
    {
        var pod = new Pod(name, address);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(address), Http, listen => listen.Use(pod.Track));
            kestrel.Listen(IPAddress.Parse(address), Metrics, listen => listen.Use(pod.Track));
            if (certificate is not null)
            {
                kestrel.Listen(IPAddress.Parse(address), Https, listen =>
                {
                    listen.Use(pod.Track);
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    listen.UseHttps(certificate);
                });
            }
        });
        pod._app = builder.Build();
        pod._app.Run(pod.AnswerAsync);
        await pod._app.StartAsync();
        return pod;
    }

    /// <summary>Closes the listener and resets the connections.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            var stopping = app.StopAsync(new CancellationToken(true));
            foreach (var connection in _connections.Values)
            {
                Reset(connection);
            }

            await stopping;
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (Delay > TimeSpan.Zero)
        {
            await Task.Delay(Delay, context.RequestAborted);
        }

        context.Response.StatusCode = Status;
        if (context.Request.Path == "/stream")
        {
            for (var i = 0; i < 50; i++)
            {
                await context.Response.WriteAsync($"{Name} {i}\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(20, context.RequestAborted);
            }

            return;
        }

        using var body = new StreamReader(context.Request.Body);
        var text = await body.ReadToEndAsync(context.RequestAborted);
        await context.Response.WriteAsync(
            string.Join(' ', Name, context.Connection.LocalPort, context.Request.Host, context.Request.Protocol,
                $"{context.Request.Path}{context.Request.QueryString}", text).TrimEnd(),
            context.RequestAborted);
    }

    private ConnectionDelegate Track(ConnectionDelegate next) => async connection =>
    {
        _connections[connection.ConnectionId] = connection;
        try
        {
            await next(connection);
        }
        finally
        {
            _connections.TryRemove(connection.ConnectionId, out _);
        }
    };

    private static void Reset(ConnectionContext connection)
    {
        try
        {
            connection.Features.Get<IConnectionSocketFeature>()?.Socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is already closed.
        }

        connection.Abort(new ConnectionAbortedException("The pod was killed."));
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
