using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rx.Kube.Yarp.Tests.Support;

/// <summary>
/// A pod: a web server on a loopback address. It answers with its name; <c>/stream</c> writes a line, and the rest when <see cref="Free"/>
/// is completed; <c>/broken</c> reads the request, and resets the connection.
/// </summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backend(string member, string address, string uid, WebApplication app) =>
        (Member, Address, Uid, _app) = (member, address, uid, app);

    public string Member { get; }

    public string Address { get; }

    public string Uid { get; }

    public TaskCompletionSource Free { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the requests: method, path, host and body.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static Task<Backend> StartAsync(string member, string address, string uid, params int[] ports) =>
        StartAsync(member, address, uid, null, ports);

    public static async Task<Backend> StartAsync(
        string member, string address, string uid, X509Certificate2? certificate, params int[] ports)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var port in ports)
            {
                kestrel.Listen(IPAddress.Parse(address), port, listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                });
            }
        });
        var app = builder.Build();
        var backend = new Backend(member, address, uid, app);
        app.Run(backend.AnswerAsync);
        await app.StartAsync();
        return backend;
    }

    /// <summary>The process is gone: the listener is closed, and every connection is reset.</summary>
    public Task KillAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        Free.TrySetResult();
        await KillAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.Host} {body}".TrimEnd());
        switch (context.Request.Path.Value)
        {
            case "/broken":
                context.Abort();
                break;
            case "/stream":
                await context.Response.WriteAsync($"{Member}\n");
                await context.Response.Body.FlushAsync();
                await Free.Task;
                await context.Response.WriteAsync("the rest");
                break;
            case "/fails":
                context.Response.StatusCode = 500;
                break;
            default:
                context.Response.Headers["x-address"] = $"{context.Connection.LocalIpAddress}";
                context.Response.Headers["x-port"] = $"{context.Connection.LocalPort}";
                await context.Response.WriteAsync(Member);
                break;
        }
    }
}
