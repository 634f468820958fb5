using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rx.Kube.Grpc.Tests.Support;

/// <summary>A pod: a gRPC server on an address of its own, which can be killed as a process is.</summary>
internal sealed class Pod : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _connections = new(StringComparer.Ordinal);
    private WebApplication? _app;
    private int _calls;
    private int _accepted;

    private Pod(string name, string address) => (Name, Address) = (name, address);

    public string Name { get; }

    public string Address { get; }

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Gets how many connections it has accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Gets or sets the status of the answers.</summary>
    public StatusCode Status { get; set; }

    /// <summary>Gets or sets how long an answer takes.</summary>
    public TimeSpan Delay { get; set; }

    public static async Task<Pod> StartAsync(string name, string address, int port, X509Certificate2? certificate = null)
    {
        var pod = new Pod(name, address);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>().AddSingleton(pod).AddRouting().AddGrpc();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Parse(address), port, listen =>
            {
                listen.Use(pod.Track);
                listen.Protocols = HttpProtocols.Http2;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            }));
        pod._app = builder.Build();
        pod._app.UseRouting();
        pod._app.MapGrpcService<PodService>();
        await pod._app.StartAsync();
        return pod;
    }

    public void OnCall() => Interlocked.Increment(ref _calls);

    /// <summary>Closes the listener and resets the connections.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            foreach (var connection in _connections.Values)
            {
                Reset(connection);
            }

            await app.StopAsync(new CancellationToken(true));
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private ConnectionDelegate Track(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _accepted);
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
