using System.Buffers.Binary;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Rx.Kube.Ecosystem.Tests.Support;

/// <summary>A pod that answers each request, and each call of gRPC, with its name.</summary>
internal sealed class Pod : IAsyncDisposable
{
    public const int Http = 8180, Grpc = 8181;

    private readonly WebApplication _app;

    private Pod(string name, string address, WebApplication app) => (Name, Address, _app) = (name, address, app);

    public string Name { get; }

    public string Address { get; }

    public static async Task<Pod> StartAsync(string name, string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(address), Http);
            kestrel.Listen(IPAddress.Parse(address), Grpc, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.Run(context => context.Request.ContentType == "application/grpc"
            ? AnswerCallAsync(context.Response, name)
            : context.Response.WriteAsync(name));
        await app.StartAsync();
        return new(name, address, app);
    }

    /// <summary>The process is gone: the listener is closed, and every connection is reset.</summary>
    public Task KillAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _app.DisposeAsync();
    }

    // Source: "gRPC over HTTP2", Length-Prefixed-Message: not compressed, the length, the message.
    private static async Task AnswerCallAsync(HttpResponse response, string name)
    {
        var message = new byte[5 + name.Length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), name.Length);
        Encoding.ASCII.GetBytes(name, message.AsSpan(5));
        response.ContentType = "application/grpc";
        await response.Body.WriteAsync(message);
        response.AppendTrailer("grpc-status", "0");
    }
}
