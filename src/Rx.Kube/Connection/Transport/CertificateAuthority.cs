using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rx.Kube;

/// <summary>The CA certificates that may have signed the server's. A file is read again for every TLS handshake: CA bundles rotate.</summary>
internal sealed class CertificateAuthority
{
    private readonly Lock _gate = new();
    private readonly PemSource _source;
    private byte[] _loaded;
    private X509Certificate2Collection _current;

    /// <exception cref="KubeConfigException">There is no certificate in it.</exception>
    public CertificateAuthority(PemSource source)
    {
        _source = source;
        _loaded = source.Read();
        _current = Parse(_loaded) ?? throw new KubeConfigException(
            $"{Printable.Sentence(source.Description)} holds no PEM certificate. "
            + "Cure: put the cluster's CA there; it begins with -----BEGIN CERTIFICATE-----.");
    }

    /// <summary>Where it is configured.</summary>
    public string Description => _source.Description;

    /// <summary>The certificates as they are now; those of before while a rotation has left the file missing or broken.</summary>
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
            catch (KubeConfigException)
            {
                // Seen in the middle of a rotation: the next handshake reads it again.
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
