using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>
/// A proxy on loopback that records what it is shown. It tunnels every CONNECT to a port of this machine, and answers any other request
/// itself.
/// </summary>
internal sealed class ConnectProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly List<string> _heard = [];
    private readonly List<string> _certificates = [];
    private int _handshakes;

    /// <summary>Starts the proxy.</summary>
    /// <param name="certificate">The certificate of an https proxy, which asks for the client's; null for an http proxy.</param>
    public ConnectProxy(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public string Url => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    /// <summary>What a proxy that asks for a login offers.</summary>
    public string Challenges { get; init; } = "Proxy-Authenticate: Basic realm=\"x\"\r\n";

    /// <summary>The only login that is accepted; null for any.</summary>
    public string? Login { get; init; }

    /// <summary>The lines of the requests to the proxy itself.</summary>
    public IReadOnlyList<string> Heard => Copy(_heard);

    /// <summary>The number of completed TLS handshakes.</summary>
    public int Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>The subjects of the client certificates that were shown to the proxy.</summary>
    public IReadOnlyList<string> Certificates => Copy(_certificates);

    /// <summary>Serves until it is disposed.</summary>
    /// <param name="target">The port that every CONNECT leads to.</param>
    /// <param name="needsLogin">Whether a CONNECT without a login is refused.</param>
    public ConnectProxy Serving(int target, bool needsLogin = false)
    {
        _ = AcceptAsync(target, needsLogin);
        return this;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync(int target, bool needsLogin)
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            _ = HandleAsync(client, target, needsLogin);
        }
    }

    private async Task HandleAsync(TcpClient client, int target, bool needsLogin)
    {
        using (client)
        {
            await using var stream = await StreamOfAsync(client);
            while (true)
            {
                var head = await HeadAsync(stream);
                if (head.Count == 0)
                {
                    return;
                }

                Note(_heard, head);
                if (needsLogin && !head.Any(IsLogin))
                {
                    await stream.WriteAsync(
                        Encoding.ASCII.GetBytes($"HTTP/1.1 407 Login\r\n{Challenges}Content-Length: 0\r\n\r\n"));
                    if (Challenges.Contains("close", StringComparison.Ordinal))
                    {
                        return;
                    }
                }
                else if (head[0].StartsWith("CONNECT ", StringComparison.Ordinal))
                {
                    break;
                }
                else
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                }
            }

            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, target);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));
        }
    }

    private bool IsLogin(string line) => Login is null
        ? line.StartsWith("Proxy-Authorization", StringComparison.Ordinal)
        : line == $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Login))}";

    private async Task<Stream> StreamOfAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificate,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
            {
                Note(_certificates, shown is null ? [] : [shown.Subject]);
                return shown is null or X509Certificate2;
            },
        });
        Interlocked.Increment(ref _handshakes);
        return tls;
    }

    private static async Task<List<string>> HeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
        {
            head.Append((char)one[0]);
        }

        return [.. head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void Note(List<string> notes, IEnumerable<string> more)
    {
        lock (notes)
        {
            notes.AddRange(more);
        }
    }

    private static List<string> Copy(List<string> notes)
    {
        lock (notes)
        {
            return [.. notes];
        }
    }
}
