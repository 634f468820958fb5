using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube;

/// <summary>
/// Checks the certificate of one peer, the server or an https proxy: its CA, its name, its dates and its strength. If one is wrong, the
/// handshake fails with the reason. Each peer has its own rules, because both may have the same host name.
/// </summary>
internal sealed class PeerTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string Store = "the trust store of this machine";

    private PeerTrust()
    {
    }

    /// <summary>Gets the name that the certificate must have.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the peer at the start of a message.</summary>
    public required string Peer { get; init; }

    /// <summary>Gets how to fix a certificate of another CA.</summary>
    public required string AuthorityFix { get; init; }

    /// <summary>Gets how to fix a certificate for another name.</summary>
    public required string NameFix { get; init; }

    /// <summary>Gets the CA of the cluster; null for none.</summary>
    private CertificateAuthority? Authority { get; init; }

    /// <summary>Gets whether a CA in the trust store of the machine is enough.</summary>
    private bool UsesStore { get; init; }

    /// <summary>Gets whether any certificate is accepted.</summary>
    private bool SkipsVerification { get; init; }

    private string Roots => !UsesStore ? Authority!.Description : Authority is null ? Store : $"{Authority.Description} or {Store}";

    /// <summary>Gets the rules for the server: the CA of the cluster if there is one, and insecure-skip-tls-verify.</summary>
    public static PeerTrust OfServer(ConnectionTarget target) => new()
    {
        Name = target.TlsServerName ?? target.Server.IdnHost,
        Peer = target.Server.Authority,
        AuthorityFix = $"put the CA of this cluster there, or correct the server's address ({target.Source})",
        NameFix = $"use one of the names of the certificate as the server's address, or set tls-server-name ({target.Source})",
        Authority = target.Authority,
        UsesStore = target.Authority is null,
        SkipsVerification = target.SkipVerification,
    };

    /// <summary>Gets the rules for an https proxy, which are never skipped: the trust store, or the CA of the cluster.</summary>
    public static PeerTrust OfProxy(ConnectionTarget target, Uri proxy) => new()
    {
        Name = proxy.IdnHost,
        Peer = $"The proxy {proxy.Host}:{proxy.Port}",
        AuthorityFix = $"put the CA of the proxy there, or correct the proxy's address ({target.Source})",
        NameFix = $"use one of the names of the certificate as the proxy's address ({target.Source})",
        Authority = target.Authority,
        UsesStore = true,
    };

    /// <summary>Creates the policy of a handshake: nothing is downloaded while a certificate is checked.</summary>
    public static X509ChainPolicy ChainPolicy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    /// <exception cref="UntrustedCertificateException">The certificate is refused.</exception>
    public bool Validate(object sender, X509Certificate? shown, X509Chain? sent, SslPolicyErrors errors)
    {
        if (SkipsVerification)
        {
            return true;
        }

        if (shown is not X509Certificate2 certificate)
        {
            throw Refuse("showed no certificate", "check what listens at that address");
        }

        var isTrusted = UsesStore && !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? IsStrong(sent is null ? [certificate] : [.. sent.ChainElements.Select(e => e.Certificate)], [])
            : Authority is { } authority
                ? IsSignedBy(authority, certificate, sent)
                : throw Explain(certificate, sent?.ChainStatus ?? []);
        return isTrusted && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? true
            : throw Refuse($"showed a certificate for {Names(certificate)}, not for {Printable.Of(Name)}", NameFix);
    }

    /// <summary>Makes the refusal of certificates for which .NET builds no chain, instead of building one that is not trusted.</summary>
    public UntrustedCertificateException Unchecked() => Refuse(
        "showed certificates that cannot be checked: there are too many of them, or one is broken",
        $"check what listens at that address, and which certificates it sends with its own ({Roots})");

    private bool IsSignedBy(CertificateAuthority authority, X509Certificate2 certificate, X509Chain? sent)
    {
        var roots = authority.Current();
        var policy = ChainPolicy();
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(roots);
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            policy.ExtraStore.Add(element.Certificate);
        }

        foreach (var extra in sent?.ChainPolicy.ExtraStore ?? [])
        {
            policy.ExtraStore.Add(extra);
        }

        using var chain = new X509Chain { ChainPolicy = policy };
        return chain.Build(certificate) || EndsAtAnchor(chain, roots)
            ? IsStrong([.. chain.ChainElements.Select(e => e.Certificate)], roots)
            : throw Explain(certificate, chain.ChainStatus);
    }

    private bool IsStrong(IReadOnlyList<X509Certificate2> chain, X509Certificate2Collection roots) =>
        CertificateStrength.WeaknessOf(chain, roots) is { } weak
            ? throw Refuse(
                $"showed a certificate that can be forged: {weak}",
                $"issue that certificate again, signed with SHA-256, with an EC key or an RSA key of {CertificateStrength.MinRsaBits} bits")
            : true;

    // As in Go, an intermediate that is configured as CA is a trust anchor by itself; .NET also asks for its root.
    private static bool EndsAtAnchor(X509Chain chain, X509Certificate2Collection roots) =>
        chain.ChainStatus.All(s => s.Status == X509ChainStatusFlags.PartialChain)
        && chain.ChainElements.Count > 0
        && roots.Any(root => root.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawDataMemory.Span));

    private UntrustedCertificateException Explain(X509Certificate2 certificate, IEnumerable<X509ChainStatus> statuses)
    {
        var all = statuses.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        return all == X509ChainStatusFlags.NotTimeValid
            ? Refuse(
                $"showed a certificate valid from {certificate.NotBefore.ToUniversalTime():u} "
                + $"to {certificate.NotAfter.ToUniversalTime():u}, but it, or its CA's, is not valid now",
                $"renew it, or correct the clock of this machine ({Roots})")
            : Refuse(
                $"showed a certificate issued by \"{Printable.Of(certificate.Issuer)}\", which does not lead to {Roots}", AuthorityFix);
    }

    private UntrustedCertificateException Refuse(string what, string fix) => new($"{Peer} {what}. To fix: {fix}.");

    private static string Names(X509Certificate2 certificate)
    {
        try
        {
            var san = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
            var names = san is null ? [] : san.EnumerateDnsNames().Concat(san.EnumerateIPAddresses().Select(ip => ip.ToString())).Take(6);
            var text = string.Join(", ", names);
            return text.Length > 0 ? Printable.Of(text) : $"\"{Printable.Of(certificate.Subject)}\"";
        }
        catch (CryptographicException)
        {
            return "another name";
        }
    }
}
