using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>An https address in front of a server without TLS: to such a server itself, no credentials are sent.</summary>
internal sealed class TlsFront : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _own = SelfSigned.Create("front");
    private readonly X509Certificate2 _certificate;

    /// <param name="server">The server.</param>
    /// <param name="certificate">What it shows, which its caller disposes; null for one of its own.</param>
    public TlsFront(Uri server, X509Certificate2? certificate = null)
    {
        _certificate = certificate ?? _own;
        _listener.Start();
        _ = AcceptAsync(server);
    }

    /// <summary>Whether a client certificate is asked for, and refused if it is not valid now.</summary>
    public bool ChecksClients { get; init; }

    public Uri Url => new($"https://{_listener.LocalEndpoint}");

    public void Dispose()
    {
        _listener.Dispose();
        _own.Dispose();
    }

    private async Task AcceptAsync(Uri server)
    {
        while (true)
        {
            _ = ForwardAsync(await _listener.AcceptTcpClientAsync(), server);
        }
    }

    private async Task ForwardAsync(TcpClient client, Uri server)
    {
        using var near = client;
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificate,
            ClientCertificateRequired = ChecksClients,
            RemoteCertificateValidationCallback = (_, shown, _, _) => !ChecksClients ||
                (shown is X509Certificate2 client && client.NotBefore < DateTime.Now && client.NotAfter > DateTime.Now),
        });
        using var far = new TcpClient();
        await far.ConnectAsync(server.Host, server.Port);
        await Task.WhenAny(tls.CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(tls));
    }
}
