using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rx.Kube.Benchmarks.WholePath;
using Rx.Kube.Simulator.Http;

namespace Rx.Kube.Benchmarks.Transport;

/// <summary>
/// The server of <c>compare transport</c>, in a process of its own, so that its work is not counted: <c>transport-server FOLDER SLICES</c>.
/// It writes its certificate to the folder and one line with its ports, in the order of <see cref="Listener.All"/>. A watch is known by
/// the first segment of its path, which is written when it is open. It waits until a line of the standard input says <c>WATCH DELAY</c>:
/// the milliseconds between two events. The server ends with its standard input.
/// </summary>
internal static class TransportServer
{
    private static readonly ConcurrentDictionary<string, Watch> Watches = new();

    public static async Task<int> RunAsync(string folder, int slices)
    {
        var workload = Workload(slices);
        var list = CannedList.Of(workload).Page(0, 0);
        using var certificate = OwnCertificate.Create();
        await File.WriteAllTextAsync(Path.Combine(folder, CertificateFile), certificate.ExportCertificatePem());
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var listener in Listener.All)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen =>
                {
                    listen.Protocols = listener.IsHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1;
                    if (listener.RecordBytes is { } recordBytes)
                    {
                        listen.UseHttps(certificate);
                        listen.Use(next => context => WithRecordsAsync(context, recordBytes, next));
                    }
                });
            }
        });
        await using var app = builder.Build();
        app.Run(context => AnswerAsync(context, list));
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        Console.WriteLine(string.Join(' ', addresses.Select(address => new Uri(address).Port)));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            workload.NextRound();
            await Watches[words[0]].SendAsync(workload, int.Parse(words[1], CultureInfo.InvariantCulture));
        }

        Environment.Exit(0); // without waiting for the watches
        return 0;
    }

    /// <summary>The file of the certificate, which is its own authority.</summary>
    public const string CertificateFile = "ca.crt";

    /// <summary>Creates the events, the same in every process: W1, with fewer slices.</summary>
    public static SliceWorkload Workload(int slices) => new(slices, 100, repeats: 4);

    /// <summary>
    /// Gets the events of a round of a watch: at the line rate all of the workload, else a part that changes each slice or restores it, in
    /// turns.
    /// </summary>
    /// <param name="workload">The workload.</param>
    /// <param name="round">The number of rounds of this watch before.</param>
    /// <param name="delay">The milliseconds between two events; zero for the line rate.</param>
    public static ArraySegment<ReadOnlyMemory<byte>> EventsOf(SliceWorkload workload, int round, int delay) =>
        delay == 0 ? workload.Lines
            : new ArraySegment<ReadOnlyMemory<byte>>(workload.Lines).Slice(round % 2 * workload.Slices, workload.Slices);

    private static async Task AnswerAsync(HttpContext context, byte[] list)
    {
        context.Response.ContentType = "application/json";
        if (!context.Request.Query.ContainsKey("watch"))
        {
            await context.Response.Body.WriteAsync(list);
            return;
        }

        var name = context.Request.Path.Value!.Split('/')[1];
        await context.Response.Body.FlushAsync();
        Watches[name] = new Watch(context.Response.Body);
        Console.WriteLine(name);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Kestrel would send records of 4 KiB, the size of the blocks of its pool; the API server fills the largest record.
    private static async Task WithRecordsAsync(ConnectionContext context, int recordBytes, ConnectionDelegate next)
    {
        var (encrypted, plain) = (context.Transport, new Pipe(new PipeOptions(useSynchronizationContext: false)));
        context.Transport = new Duplex(encrypted.Input, plain.Writer);
        var copying = CopyAsync(plain.Reader, encrypted.Output, recordBytes);
        try
        {
            await next(context);
        }
        finally
        {
            await plain.Writer.CompleteAsync();
            await copying;
            context.Transport = encrypted;
        }
    }

    private static async Task CopyAsync(PipeReader from, PipeWriter to, int recordBytes)
    {
        while (true)
        {
            var read = await from.ReadAsync();
            for (var rest = read.Buffer; rest.Length > 0;)
            {
                // Each flush encrypts what was written since the last one.
                var record = rest.Slice(0, Math.Min(rest.Length, recordBytes));
                record.CopyTo(to.GetSpan(recordBytes));
                to.Advance((int)record.Length);
                await to.FlushAsync();
                rest = rest.Slice(record.End);
            }

            from.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class Watch(Stream body)
    {
        private int _round;

        public async Task SendAsync(SliceWorkload workload, int delay)
        {
            foreach (var line in EventsOf(workload, _round++, delay))
            {
                // As the API server does, one event at a time.
                await body.WriteAsync(line);
                await body.FlushAsync();
                if (delay > 0)
                {
                    await Task.Delay(delay);
                }
            }
        }
    }
}
