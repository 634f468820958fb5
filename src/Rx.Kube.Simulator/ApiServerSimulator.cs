using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Rx.Kube.Simulator.Http;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator;

/// <summary>
/// A Kubernetes API server in this process: real semantics over real HTTP on 127.0.0.1, without the rest of a cluster. It serves
/// EndpointSlices, Endpoints, Pods, Services, Namespaces and Nodes as JSON. Every member is thread-safe.
/// </summary>
public sealed class ApiServerSimulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Connections _connections;
    private readonly Store _store;
    private bool _disposed;

    private ApiServerSimulator(
        WebApplication app, Connections connections, Store store, FaultPlan faults, Uri url, X509Certificate2? certificate)
    {
        (_app, _connections, _store) = (app, connections, store);
        (Url, Certificate, Cluster, Faults) = (url, certificate, new(store), faults);
    }

    /// <summary>Gets the address of the server, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri Url { get; }

    /// <summary>Gets the self-signed certificate of the server; null if it serves http.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>Gets the objects that the server stores.</summary>
    public SimulatedCluster Cluster { get; }

    /// <summary>Gets the faults to inject into future requests.</summary>
    public FaultPlan Faults { get; }

    /// <summary>Gets the number of open watches.</summary>
    public int OpenWatches => _store.Watchers;

    /// <summary>
    /// Gets or sets whether the server is offline. Setting it to true breaks every open connection; while it is true, the connection of
    /// every request is broken.
    /// </summary>
    public bool Offline
    {
        get => _connections.Refusing;
        set => _connections.Refusing = value;
    }

    /// <summary>Gets the limits of the HTTP server.</summary>
    internal KestrelServerLimits Limits => _app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

    /// <summary>Starts a server.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="ct">Cancels the start. It does not end a server that has started.</param>
    /// <returns>The running server.</returns>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<ApiServerSimulator> StartAsync(SimulatorOptions? options = null, CancellationToken ct = default)
    {
        options ??= new();
        var store = new Store(options);
        var certificate = options.Https ? OwnCertificate.Create() : null;
        var connections = new Connections();
        // The empty builder reads no configuration, does not log, and does not handle the signals of the process.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            // More than is read: a client that has sent too much still receives the answer.
            k.Limits.MaxRequestBodySize = options.MaxBodyBytes * 4L;
            k.Limits.MaxConcurrentConnections = options.MaxConnections;
            k.Limits.MaxRequestLineSize = options.MaxRequestLineBytes;
            k.Limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
            k.Limits.RequestHeadersTimeout = options.HeadersTimeout;
            k.Limits.KeepAliveTimeout = options.IdleTimeout;
            k.Limits.MinResponseDataRate = null;
            k.Listen(IPAddress.Loopback, options.Port, listen => Listen(listen, options, connections, certificate));
        });
        var faults = new FaultPlan();
        var gate = new Gate(new(store, options), connections, faults, options);
        var app = builder.Build();
        app.Run(gate.Enter);
        try
        {
            await app.StartAsync(ct).ConfigureAwait(false);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new(app, connections, store, faults, new(address), certificate);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            certificate?.Dispose();
            throw;
        }
    }

    /// <summary>Ends every open watch cleanly, as a server does at its timeout. Earlier events are still delivered.</summary>
    public void CloseWatches() => _store.CloseAll();

    /// <summary>Breaks every open connection with a TCP reset, as a crash or a middlebox does.</summary>
    public void AbortConnections() => _connections.AbortAll();

    /// <summary>Breaks every open connection and stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        _store.CloseAll();
        _connections.Refusing = true;
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        Certificate?.Dispose();
    }

    private static void Listen(ListenOptions listen, SimulatorOptions options, Connections connections, X509Certificate2? certificate)
    {
        listen.Use(connections.Track);
        listen.Protocols = (certificate, options.Http2WithoutTls) switch
        {
            (not null, _) => HttpProtocols.Http1AndHttp2,
            (null, true) => HttpProtocols.Http2,
            (null, false) => HttpProtocols.Http1,
        };
        if (certificate is not null) listen.UseHttps(certificate);
    }
}
