using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>A server on a free loopback port. It answers with an empty list of pods, and keeps a line about each request.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RecordingServer(WebApplication app) => _app = app;

    /// <summary>Gets what was asked, by whom, and under which name: the first line is what a scenario compares.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts a server.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="certificate">What it shows; null for plain http.</param>
    /// <param name="intermediates">What it sends along.</param>
    public static async Task<RecordingServer> StartAsync(
        IPAddress address, X509Certificate2? certificate, X509Certificate2Collection? intermediates)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                    (https.ServerCertificate, https.ServerCertificateChain) = (certificate, intermediates);
                });
            }
        }));
        var app = builder.Build();
        var server = new RecordingServer(app);
        app.Run(async context =>
        {
            server.Requests.Enqueue(Line(context));
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                context.Request.Path.Value!.EndsWith("/version", StringComparison.Ordinal)
                    ? """{"major":"1","minor":"32","gitVersion":"v1.32.0"}"""
                    : """{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[]}""", context.RequestAborted);
        });
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // Paths, credentials and names; not what each client adds of its own, such as a page size or a user agent.
    private static string Line(HttpContext context)
    {
        var (request, headers) = (context.Request, context.Request.Headers);
        var parts = new List<string> { request.Path };
        Add("", headers.Authorization);
        Add("certificate ", context.Connection.ClientCertificate?.Subject);
        foreach (var header in headers.Where(h => h.Key.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase))
            .OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
        {
            Add($"{header.Key.ToLowerInvariant()} ", string.Join("+", header.Value.Select(v => v)));
        }

        Add("host ", IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out _) ? null : request.Host.Host);
        return string.Join(", ", parts);

        void Add(string label, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts.Add(label + value);
            }
        }
    }
}
