using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// The CA certificates that may have signed the server's certificate. A file is read again for every TLS handshake, because CA bundles
/// rotate. An entry that cannot be parsed is skipped, and told once, as long as another one is left.
/// </summary>
internal sealed class CertificateAuthority
{
    private readonly Lock _gate = new();
    private readonly PemSource _source;
    private readonly Notices _notices;
    private byte[] _loaded;
    private long _reads;
    private long _loadedBy;
    private X509Certificate2Collection _current;

    /// <exception cref="KubeConfigurationException">The source contains no certificate.</exception>
    public CertificateAuthority(PemSource source, Notices notices)
    {
        (_source, _notices, _loaded) = (source, notices, source.Read());
        var (certificates, skipped) = PemCertificates.Read(Encoding.UTF8.GetString(_loaded));
        _current = certificates.Count > 0 ? certificates : throw new KubeConfigurationException(
            $"{Printable.Sentence(source.Description)} contains no PEM certificate{(skipped.Count > 0 ? " that can be parsed" : "")}. "
            + "To fix: put the cluster's CA certificate there; it begins with -----BEGIN CERTIFICATE-----.");
        Tell(skipped);
    }

    /// <summary>Where the CA is configured.</summary>
    public string Description => _source.Description;

    /// <summary>Reads the current certificates; the previous ones while a rotation has left the file missing or broken.</summary>
    public X509Certificate2Collection Current()
    {
        byte[]? now = null;
        var read = Interlocked.Increment(ref _reads);
        try
        {
            now = _source.Read();
        }
        catch (KubeConfigurationException)
        {
            // The file is in the middle of a rotation, or hangs. The next handshake reads it again.
        }

        X509Certificate2Collection current;
        IReadOnlyList<int> skipped = [];
        lock (_gate)
        {
            if (now is not null && read > _loadedBy && !now.AsSpan().SequenceEqual(_loaded)
                && PemCertificates.Read(Encoding.UTF8.GetString(now)) is { Certificates.Count: > 0 } fresh)
            {
                // What an older read finds later is outdated.
                (_loaded, _current, skipped, _loadedBy) = (now, fresh.Certificates, fresh.Skipped, read);
            }

            current = _current;
        }

        Tell(skipped);
        return current;
    }

    private void Tell(IReadOnlyList<int> skipped)
    {
        if (skipped.Count > 0)
        {
            _notices.Tell(ConnectionNoticeKind.CertificateSkipped, PemCertificates.Describe(_source.Description, skipped));
        }
    }
}
