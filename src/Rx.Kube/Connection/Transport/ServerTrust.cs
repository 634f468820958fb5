using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube;

/// <summary>
/// Checks the server's certificate: its CA, its name and its dates. If one is wrong, the handshake fails with the reason.
/// </summary>
internal sealed class ServerTrust(ConnectionTarget target)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private readonly string _name = target.TlsServerName ?? target.Server.IdnHost;

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    /// <exception cref="UntrustedCertificateException">The certificate is refused.</exception>
    public bool Validate(object sender, X509Certificate? shown, X509Chain? sent, SslPolicyErrors errors)
    {
        var host = (sender as SslStream)?.TargetHostName ?? _name;
        var isServer = string.Equals(host, _name, StringComparison.OrdinalIgnoreCase);
        if (isServer && target.SkipVerification)
        {
            return true;
        }

        if (shown is not X509Certificate2 certificate)
        {
            throw Refuse(host, "showed no certificate", "check that it is the API server");
        }

        var trusted = !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && (target.Authority is null || !isServer);
        if (!trusted)
        {
            trusted = target.Authority is { } authority
                ? IsSignedBy(authority, certificate, sent, host)
                : throw Explain(host, certificate, sent?.ChainStatus ?? [], "the trust store of this machine");
        }

        return trusted && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? true
            : throw Refuse(
                host, $"showed a certificate for {Names(certificate)}, not for {Printable.Of(host)}",
                $"use one of the names of the certificate as the server's address, or set tls-server-name ({target.Source})");
    }

    private bool IsSignedBy(CertificateAuthority authority, X509Certificate2 certificate, X509Chain? sent, string host)
    {
        var roots = authority.Current();
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
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

        return chain.Build(certificate) || EndsAtAnchor(chain, roots)
            ? true
            : throw Explain(host, certificate, chain.ChainStatus, authority.Description);
    }

    // As in Go, an intermediate that is configured as CA is a trust anchor by itself; .NET also asks for its root.
    private static bool EndsAtAnchor(X509Chain chain, X509Certificate2Collection roots) =>
        chain.ChainStatus.All(s => s.Status == X509ChainStatusFlags.PartialChain)
        && chain.ChainElements.Count > 0
        && roots.Any(root => root.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawDataMemory.Span));

    private UntrustedCertificateException Explain(
        string host, X509Certificate2 certificate, IEnumerable<X509ChainStatus> statuses, string authority)
    {
        var all = statuses.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        if (all == X509ChainStatusFlags.NotTimeValid)
        {
            return Refuse(
                host,
                $"showed a certificate valid from {certificate.NotBefore.ToUniversalTime():u} "
                + $"to {certificate.NotAfter.ToUniversalTime():u}, "
                + "but it, or its CA's, is not valid now",
                $"renew it, or correct the clock of this machine ({authority})");
        }

        return Refuse(
            host,
            $"showed a certificate issued by \"{Printable.Of(certificate.Issuer)}\", which does not lead to {authority}",
            $"put the CA of this cluster there, or correct the server's address ({target.Source})");
    }

    private UntrustedCertificateException Refuse(string host, string what, string fix) => new(
        string.Equals(host, _name, StringComparison.OrdinalIgnoreCase)
            ? $"{target.Server.Authority} {what}. To fix: {fix}."
            : $"The proxy {Printable.Of(host)} {what}. To fix: {fix}.");

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
