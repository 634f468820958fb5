using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube.Benchmarks.Transport;

/// <summary>An HttpClient that reads the stream and drops it: what every client of .NET pays.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="server">The server.</param>
/// <param name="listener">The port.</param>
/// <param name="delay">The milliseconds between two events; zero for the line rate.</param>
/// <param name="readBytes">The size of the buffer.</param>
/// <param name="windowBytes">The first window of an HTTP/2 stream; null for the default of .NET, 64 KiB.</param>
internal sealed class BareSocketPath(
    string name, TransportServerProcess server, Listener listener, int delay, int readBytes = 64 * 1024, int? windowBytes = null)
    : SocketPath(name, server, delay)
{
    private HttpClient? _client;

    public override void Dispose()
    {
        _client?.Dispose();
        base.Dispose();
    }

    protected override long AmountOf(IReadOnlyCollection<ReadOnlyMemory<byte>> events) => events.Sum(line => (long)line.Length);

    protected override void Open()
    {
        var handler = new SocketsHttpHandler();
        Set(handler, windowBytes);
        if (listener.IsTls)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(Server.CaFile);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        _client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = listener.IsHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _ = ReadAsync(_client);
    }

    private async Task ReadAsync(HttpClient client)
    {
        try
        {
            var body = await client.GetStreamAsync(new Uri(Server.AddressOf(listener, Watch), "?watch=true"));
            var buffer = new byte[readBytes];
            for (int read; (read = await body.ReadAsync(buffer)) > 0;)
            {
                See(read);
            }

            Fail(new EndOfStreamException("The watch ended."));
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }
}
