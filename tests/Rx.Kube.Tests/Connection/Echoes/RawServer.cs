using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rx.Kube.Tests.Connection.Echoes;

/// <summary>A server that answers each request with any bytes, and then closes the connection.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;

    public RawServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    /// <summary>Makes the answer to the first line of a request.</summary>
    public Func<string, string> Answer { get; set; } = _ => "";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = HandleAsync(await _listener.AcceptTcpClientAsync());
        }
    }

    private async Task HandleAsync(TcpClient client)
    {
        try
        {
            using var closing = client;
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }

            var head = new StringBuilder();
            var bytes = new byte[16 * 1024];
            while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await stream.ReadAsync(bytes);
                if (read == 0)
                {
                    return;
                }

                head.Append(Encoding.Latin1.GetString(bytes, 0, read));
            }

            await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer(head.ToString().Split("\r\n")[0])));
            await stream.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client has gone.
        }
    }
}
