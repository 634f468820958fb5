using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>Servers that do not accept the client certificate, over real TLS on loopback.</summary>
public sealed class RefusedCertificateTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task The_error_names_the_certificate_and_its_dates_on_every_attempt(SslProtocols protocol, bool resets)
    {
        var from = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        using var kube = Connect(_authority.Issue("alice", [], from, from.AddDays(1)), protocol, resets);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("api", default));

            Assert.StartsWith(
                $"127.0.0.1:{Port} refuses the client certificate \"CN=alice\" (client-certificate-data of user \"u\" in "
                + $"{_folder["config"]}, valid from 2026-03-01 00:00:00Z to 2026-03-02 00:00:00Z)",
                error.Message, StringComparison.Ordinal);
            Assert.Contains("To fix: renew", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Broken pipe", error.Message, StringComparison.Ordinal);
            Assert.False(error.IsUntrusted);
        }
    }

    [OpenSslTheory]
    [InlineData("-tls1_2", "unknown", "its CA is unknown there (TLS alert 48)")]
    [InlineData("-tls1_3", "unknown", "its CA is unknown there (TLS alert 48)")]
    [InlineData("-tls1_2", "expired", "it has expired, or is not valid yet (TLS alert 45)")]
    [InlineData("-tls1_3", "expired", "it has expired, or is not valid yet (TLS alert 45)")]
    public async Task What_the_server_says_of_the_certificate_is_told_on_every_attempt(string protocol, string kind, string reason)
    {
        using var server = await OpenSslServer.StartAsync(
            _folder, _authority.IssueServer(), kind == "unknown" ? new TestAuthority("another CA") : _authority, protocol);
        var from = DateTimeOffset.UtcNow.AddDays(kind == "expired" ? -9 : -1);
        using var kube = Connect(_authority.Issue("alice", [], from, from.AddDays(2)), server.Port);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("api", default));

            Assert.StartsWith(
                $"127.0.0.1:{server.Port} refuses the client certificate \"CN=alice\" (", error.Message, StringComparison.Ordinal);
            Assert.Contains($"): {reason}. To fix: renew", error.Message, StringComparison.Ordinal);
        }
    }

    [OpenSslTheory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_server_that_needs_a_certificate_is_told_from_one_that_refuses_it(string protocol)
    {
        using var server = await OpenSslServer.StartAsync(_folder, _authority.IssueServer(), _authority, protocol);
        using var kube = Connect(null, server.Port);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("api", default));

            Assert.StartsWith(
                $"127.0.0.1:{server.Port} asks for a client certificate, and there is none", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(40, null)]
    [InlineData(42, "it is not acceptable there")]
    [InlineData(43, "its kind is not supported")]
    [InlineData(44, "it is revoked")]
    [InlineData(45, "it has expired, or is not valid yet")]
    [InlineData(46, "it is not acceptable there")]
    [InlineData(47, null)]
    [InlineData(48, "its CA is unknown there")]
    [InlineData(49, "it is valid, but has no access")]
    [InlineData(116, "a certificate is required, and this one did not count")]
    public async Task An_alert_about_the_certificate_is_told_on_every_attempt(byte alert, string? reason)
    {
        var from = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        _listener.Start();
        _ = AlertAsync(alert);
        using var kube = Connect(_authority.Issue("alice", [], from, from.AddDays(1)), Port);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("api", default));

            if (reason is null)
            {
                Assert.DoesNotContain("refuses", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("CN=alice", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("TLS alert", error.Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.StartsWith(
                    $"127.0.0.1:{Port} refuses the client certificate \"CN=alice\" (client-certificate-data of user \"u\" in "
                    + $"{_folder["config"]}, valid from 2026-03-01 00:00:00Z to 2026-03-02 00:00:00Z): {reason} (TLS alert {alert}). ",
                    error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(42, true)]
    [InlineData(43, true)]
    [InlineData(44, true)]
    [InlineData(45, true)]
    [InlineData(46, true)]
    [InlineData(47, false)]
    [InlineData(48, true)]
    [InlineData(49, true)]
    [InlineData(116, true)]
    public void The_alerts_about_certificates_are_known(int alert, bool isKnown)
    {
        var certificate = new ClientCertificate(_authority.Issue("alice", []), [], "a file", null);
        var target = new ConnectionTarget
        {
            Server = new Uri("https://s"),
            Source = "test",
            Chosen = "test",
            Namespace = "default",
            Credentials = new StaticCredentials(Credential.Anonymous, "nobody"),
        };
        var failure = new IOException("x", new InvalidOperationException($"error:0A000{1000 + alert:X3}:SSL routines::some alert"));

        var error = new CertificateRefusal(target, certificate).Explain(failure);

        Assert.Equal(isKnown, error?.Message.Contains($"(TLS alert {alert})", StringComparison.Ordinal) == true);
    }

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private KubeConnection Connect(X509Certificate2 client, SslProtocols protocol, bool resets)
    {
        _listener.Start();
        _ = ServeAsync(_authority.IssueServer(), protocol, resets);
        return Connect(client, Port);
    }

    private KubeConnection Connect(X509Certificate2? client, int port)
    {
        _folder.Write("ca.crt", _authority.Pem);
        var user = "{}";
        if (client is not null)
        {
            var (certificate, key) = TestAuthority.PemOf(client);
            user = $"client-certificate-data: {Base64(certificate)}\nclient-key-data: {Base64(key)}";
        }

        var path = _folder.Write(
            "config", ConfigText.Of($"server: https://127.0.0.1:{port}\ncertificate-authority: ca.crt", user));
        return KubeConnection.FromKubeconfig(path, options: TestOptions.With());
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private async Task ServeAsync(X509Certificate2 certificate, SslProtocols protocol, bool resets)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await using var tls = new SslStream(client.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = true,
                    EnabledSslProtocols = protocol,
                    RemoteCertificateValidationCallback = (_, _, _, _) => resets,
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                });
            }
            catch (AuthenticationException)
            {
                // The client is told by an alert.
            }

            client.LingerState = new LingerOption(resets, 0);
        }
    }

    /// <summary>Answers each ClientHello with an alert that is not encrypted, and closes.</summary>
    private async Task AlertAsync(byte alert)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var header = new byte[5];
            await stream.ReadExactlyAsync(header);

            // What is left unread would make the system reset the connection, and the client might not see the alert.
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))]);
            await stream.WriteAsync(new byte[] { 21, 3, 3, 0, 2, 2, alert });
        }
    }
}
