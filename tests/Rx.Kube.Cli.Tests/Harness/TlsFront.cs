using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>An https address in front of a server without TLS: to such a server itself, no credentials are sent.</summary>
internal sealed class TlsFront : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;

    public TlsFront(Uri server)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = new CertificateRequest("CN=front", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _certificate = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _ = AcceptAsync(server);
    }

    public Uri Url => new($"https://{_listener.LocalEndpoint}");

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
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
        await tls.AuthenticateAsServerAsync(_certificate);
        using var far = new TcpClient();
        await far.ConnectAsync(server.Host, server.Port);
        await Task.WhenAny(tls.CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(tls));
    }
}
