using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Pages;

/// <summary>Serves one page of a ring over HTTP, and only reads.</summary>
internal sealed class PageServer : IDisposable
{
    internal const int MaxConnections = 200;

    private readonly WebApplication _app;

    private PageServer(WebApplication app, RingPage page) => (_app, Page) = (app, page);

    /// <summary>Gets the page.</summary>
    public RingPage Page { get; }

    /// <summary>Gets the address of the page, such as <c>http://127.0.0.1:8077/</c>.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts a server.</summary>
    /// <param name="page">The page, which the server closes.</param>
    /// <param name="address">Where to listen. If the user did not name a port and the usual one is in use, any free one.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <returns>The running server.</returns>
    /// <exception cref="UsageException">The address or the port cannot be used.</exception>
    public static async Task<PageServer> StartAsync(RingPage page, WebAddress address, CancellationToken ct)
    {
        try
        {
            return new(await ListenAsync(page, address, ct).ConfigureAwait(false), page);
        }
        catch (Exception e) when (ReasonOf(e) is not null && !address.IsFixed && address.Port != 0)
        {
            return await StartAsync(page, address with { Port = 0 }, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (ReasonOf(e) is { } reason)
        {
            page.Dispose();
            throw new UsageException(
                $"--web cannot listen on {new IPEndPoint(address.Address, address.Port)}: {reason}. "
                + "To fix: name another port, or 0 for any free one.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // First the page: its streams would hold the server up.
        Page.Dispose();
        ((IDisposable)_app).Dispose();
    }

    private static async Task<WebApplication> ListenAsync(RingPage page, WebAddress address, CancellationToken ct)
    {
        // The empty builder reads no configuration, does not log, and does not handle the signals of the process.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(address.Address, address.Port);
        });
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, page, address));
        try
        {
            await app.StartAsync(ct).ConfigureAwait(false);
            return app;
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static Task AnswerAsync(HttpContext context, RingPage page, WebAddress address)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        if (!address.IsNamedBy(context.Request.Host.Host))
        {
            return RingPageEndpoints.RefuseAsync(
                context, StatusCodes.Status403Forbidden, "The Host of the request is not a name of this server. To fix: use its address.");
        }

        if (!HttpMethods.IsGet(method) && !(HttpMethods.IsHead(method) && path == "/"))
        {
            context.Response.Headers.Allow = "GET";
            return RingPageEndpoints.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "This server only reads.");
        }

        return RingPageEndpoints.AnswerAsync(context, page, path.TrimStart('/'));
    }

    private static string? ReasonOf(Exception error) => error switch
    {
        SocketException socket => socket.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "it is in use",
            SocketError.AccessDenied => "the system does not permit it",
            SocketError.AddressNotAvailable => "it is no address of this machine",
            _ => $"{socket.SocketErrorCode}",
        },
        IOException { InnerException: { } inner } => ReasonOf(inner) ?? "it is in use",
        _ when error.InnerException is { } inner => ReasonOf(inner),
        _ => null,
    };

    /// <summary>A lifetime that ignores Ctrl+C: the tool ends the server.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
