using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube.Tests.Shared;

/// <summary>An authority that only a test trusts, and its certificate for a host name.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;

    public TestAuthority(string host)
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Test authority", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = root.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(_root, from, to, [1, 2, 3]);
        using var withKey = signed.CopyWithPrivateKey(key);
        Certificate = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Creates a handler that trusts the authority, and checks the name.</summary>
    public SocketsHttpHandler Trusting()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_root);
        return new() { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
    }

    public void Dispose()
    {
        _root.Dispose();
        Certificate.Dispose();
    }
}
