using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>An https server on a free loopback port that records its requests.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app) => _app = app;

    public sealed record Request(
        string Target, string Protocol, string Host, string? Sni, IHeaderDictionary Headers, X509Certificate2? ClientCertificate);

    public ConcurrentQueue<Request> Requests { get; } = new();

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public string Url => $"https://127.0.0.1:{Port}";

    public static async Task<LoopbackServer> StartAsync(
        X509Certificate2 certificate, Func<HttpContext, Task>? answer = null, bool asksForCertificate = false,
        HttpProtocols protocols = HttpProtocols.Http1AndHttp2, X509Certificate2Collection? chain = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        string? sni = null;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(https =>
            {
                https.ClientCertificateMode = asksForCertificate
                    ? ClientCertificateMode.AllowCertificate
                    : ClientCertificateMode.NoCertificate;
                https.AllowAnyClientCertificate();
                if (chain is not null)
                {
                    (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain);
                    return;
                }

                https.ServerCertificateSelector = (_, name) =>
                {
                    sni = name;
                    return certificate;
                };
            });
        }));
        return await StartAsync(builder, () => sni, answer);
    }

    /// <summary>Starts a plain http server.</summary>
    public static Task<LoopbackServer> StartPlainAsync(Func<HttpContext, Task>? answer = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return StartAsync(builder, () => null, answer);
    }

    private static async Task<LoopbackServer> StartAsync(
        WebApplicationBuilder builder, Func<string?> sni, Func<HttpContext, Task>? answer)
    {
        var app = builder.Build();
        var server = new LoopbackServer(app);
        app.Run(async context =>
        {
            server.Requests.Enqueue(new Request(
                context.Request.Path + context.Request.QueryString, context.Request.Protocol, context.Request.Host.Value!, sni(),
                new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)),
                context.Connection.ClientCertificate));
            if (answer is not null)
            {
                await answer(context);
            }
        });
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
