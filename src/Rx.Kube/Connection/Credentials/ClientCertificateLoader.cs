using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rx.Kube;

/// <summary>Makes a client certificate of PEM text. No error quotes what it read.</summary>
internal static class ClientCertificateLoader
{
    /// <summary>Loads it.</summary>
    /// <param name="certificatePem">The certificate, perhaps followed by intermediates.</param>
    /// <param name="keyPem">Its key, not encrypted.</param>
    /// <param name="certificateSource">Where the certificate stands, for errors.</param>
    /// <param name="keySource">Where the key stands, for errors.</param>
    /// <returns>Certificate, key and intermediates.</returns>
    /// <exception cref="KubeConfigException">Either is not what it should be, or they do not belong together.</exception>
    public static ClientCertificate Load(byte[] certificatePem, byte[] keyPem, string certificateSource, string keySource)
    {
        var certificateText = Encoding.UTF8.GetString(certificatePem);
        var keyText = Encoding.UTF8.GetString(keyPem);
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(certificateText);
        }
        catch (CryptographicException)
        {
            all.Clear();
        }

        if (all.Count == 0)
        {
            throw new KubeConfigException(
                $"{Printable.Sentence(certificateSource)} is not a PEM certificate. Cure: it must begin with -----BEGIN CERTIFICATE-----.");
        }

        if (keyText.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new KubeConfigException(
                $"{Printable.Sentence(keySource)} is encrypted with a passphrase. Cure: decrypt it (openssl pkey -in KEY -out PLAIN).");
        }

        if (!keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new KubeConfigException(
                $"{Printable.Sentence(keySource)} is not a PEM private key. Cure: it must begin with -----BEGIN … PRIVATE KEY-----.");
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificateText, keyText);
            if (OperatingSystem.IsWindows())
            {
                // Windows' TLS cannot use a key that lives in memory only.
                using var ephemeral = certificate;
                certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
            }

            all[0].Dispose();
            all.RemoveAt(0);
            return new ClientCertificate(certificate, all);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new KubeConfigException(
                $"{Printable.Sentence(keySource)} does not fit {certificateSource}, or its kind of key is not supported (RSA and ECDSA are). "
                + "Cure: use the key the certificate was made for.");
        }
    }
}
