using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// The CA certificates that may have signed the server's certificate. A file is read again for every TLS handshake, because CA bundles
/// rotate.
/// </summary>
internal sealed class CertificateAuthority
{
    private readonly Lock _gate = new();
    private readonly PemSource _source;
    private byte[] _loaded;
    private X509Certificate2Collection _current;

    /// <exception cref="KubeConfigurationException">The source contains no certificate.</exception>
    public CertificateAuthority(PemSource source)
    {
        _source = source;
        _loaded = source.Read();
        _current = Parse(_loaded) ?? throw new KubeConfigurationException(
            $"{Printable.Sentence(source.Description)} contains no PEM certificate. "
            + "To fix: put the cluster's CA certificate there; it begins with -----BEGIN CERTIFICATE-----.");
    }

    /// <summary>Where the CA is configured.</summary>
    public string Description => _source.Description;

    /// <summary>Reads the current certificates; the previous ones while a rotation has left the file missing or broken.</summary>
    public X509Certificate2Collection Current()
    {
        lock (_gate)
        {
            try
            {
                var now = _source.Read();
                if (!now.AsSpan().SequenceEqual(_loaded) && Parse(now) is { } fresh)
                {
                    (_loaded, _current) = (now, fresh);
                }
            }
            catch (KubeConfigurationException)
            {
                // The file is in the middle of a rotation. The next handshake reads it again.
            }

            return _current;
        }
    }

    private static X509Certificate2Collection? Parse(byte[] pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException)
        {
            return null;
        }

        return certificates.Count > 0 ? certificates : null;
    }
}
