using System.Reactive.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>Certificates under the configured CA that can be forged are refused, with the reason; over real TLS on loopback.</summary>
public sealed class WeakCertificateTests : IDisposable
{
    private static readonly X509Certificate2 _root = WeakCertificates.Issue("root", null, isAuthority: true);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("MD5", "\"CN=leaf\" is signed with MD5")]
    [InlineData("SHA1", "\"CN=leaf\" is signed with SHA-1")]
    [InlineData("PSS-SHA1", "\"CN=leaf\" is signed with RSA-PSS without SHA-2")]
    [InlineData("SHA256", null)]
    [InlineData("SHA384", null)]
    [InlineData("SHA512", null)]
    [InlineData("PSS-SHA256", null)]
    public void The_hash_of_a_signature_decides(string hash, string? reason) =>
        AssertWeakness(reason, WeakCertificates.Issue("leaf", _root, hash: hash), _root);

    [Theory]
    [InlineData(1024, "\"CN=leaf\" has an RSA key of 1024 bits")]
    [InlineData(2040, "\"CN=leaf\" has an RSA key of 2040 bits")]
    [InlineData(2048, null)]
    [InlineData(2056, null)]
    public void An_rsa_key_has_at_least_2048_bits(int bits, string? reason) =>
        AssertWeakness(reason, WeakCertificates.Issue("leaf", _root, bits), _root);

    [Theory]
    [InlineData("1.3.132.0.8", "\"CN=leaf\" has an EC key of 161 bits")] // secp160r1
    [InlineData("1.2.840.10045.3.1.1", "\"CN=leaf\" has an EC key of 192 bits")]
    [InlineData("1.3.132.0.33", null)] // secp224r1
    [InlineData("1.2.840.10045.3.1.7", null)]
    public void An_ec_key_has_at_least_224_bits(string curve, string? reason) =>
        AssertWeakness(reason, WeakCertificates.IssueElliptic("leaf", _root, ECCurve.CreateFromValue(curve)), _root);

    [Fact]
    public void An_intermediate_is_checked_as_a_leaf_is_unless_it_is_configured()
    {
        var intermediate = WeakCertificates.Issue("middle", _root, hash: "SHA1", isAuthority: true);
        var leaf = WeakCertificates.Issue("leaf", intermediate);
        AssertWeakness("\"CN=middle\" is signed with SHA-1", leaf, intermediate, _root);
        Assert.Null(CertificateStrength.WeaknessOf([leaf, intermediate, _root], [intermediate]));

        var small = WeakCertificates.Issue("middle", _root, 1024, isAuthority: true);
        AssertWeakness("\"CN=middle\" has an RSA key of 1024 bits", WeakCertificates.Issue("leaf", small), small, _root);
    }

    [Fact]
    public void The_signature_of_the_root_does_not_matter_and_its_key_does()
    {
        var old = WeakCertificates.Issue("root", null, hash: "SHA1", isAuthority: true);
        AssertWeakness(null, WeakCertificates.Issue("leaf", old), old);
        var small = WeakCertificates.Issue("root", null, 1024, isAuthority: true);
        AssertWeakness("\"CN=root\" has an RSA key of 1024 bits", WeakCertificates.Issue("leaf", small), small);
    }

    [Theory]
    [InlineData("SHA1", 2048, "is signed with SHA-1")]
    [InlineData("MD5", 2048, "is signed with MD5")]
    [InlineData("SHA256", 1024, "has an RSA key of 1024 bits")]
    [InlineData("SHA256", 2048, null)]
    public void A_server_and_a_proxy_under_the_configured_authority_are_refused(string hash, int bits, string? reason)
    {
        var leaf = WeakCertificates.Issue("leaf", _root, bits, hash);
        _folder.Write("ca.crt", _root.ExportCertificatePem());
        var target = new ConnectionTarget
        {
            Server = new("https://127.0.0.1:6443"),
            Source = "cluster \"c\"",
            Chosen = "",
            Namespace = "default",
            Credentials = new StaticCredentials(Credential.Anonymous, ""),
            Authority = new(PemSource.File(_folder["ca.crt"], "the CA", "", ConnectionLimits.Default), new(null)),
        };
        foreach (var trust in (PeerTrust[])[PeerTrust.OfServer(target), PeerTrust.OfProxy(target, new("https://127.0.0.1:1"))])
        {
            var error = Record.Exception(() => trust.Validate(
                this, leaf, null, System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors));
            if (reason is null)
            {
                Assert.Null(error);
                continue;
            }

            Assert.IsType<UntrustedCertificateException>(error);
            Assert.StartsWith(
                $"{trust.Peer} showed a certificate that can be forged: \"CN=leaf\" {reason}. To fix: issue", error.Message,
                StringComparison.Ordinal);
        }
    }

    [OpenSslTheory]
    [InlineData("SHA1", 2048)]
    [InlineData("MD5", 2048)]
    [InlineData("SHA256", 1024)]
    public async Task A_weak_certificate_is_refused_in_a_handshake(string hash, int bits)
    {
        _folder.Write("ca.crt", _root.ExportCertificatePem());
        using var server = await OpenSslServer.StartAsync(
            _folder, WeakCertificates.Issue("leaf", _root, bits, hash), new TestAuthority(), "-cipher", "DEFAULT:@SECLEVEL=0");
        var cluster = $"server: https://127.0.0.1:{server.Port}\ncertificate-authority: ca.crt";
        var config = _folder.Write("config", ConfigText.Of(cluster, "token: secret"));
        using var kube = KubeConnection.FromKubeconfig(config, options: TestOptions.With());

        var error = await Assert.ThrowsAsync<KubeTransportException>(async () => await kube.Pods().List());

        Assert.True(error.IsUntrusted, error.Message);
        Assert.Contains("can be forged", error.Message, StringComparison.Ordinal);
    }

    private static void AssertWeakness(string? expected, params X509Certificate2[] chain) =>
        Assert.Equal(expected, CertificateStrength.WeaknessOf(chain, [chain[^1]]));
}
