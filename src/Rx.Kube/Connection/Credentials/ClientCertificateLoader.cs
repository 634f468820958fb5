using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rx.Kube;

/// <summary>Creates a client certificate from PEM text. No error quotes the text.</summary>
internal static class ClientCertificateLoader
{
    /// <summary>Loads a certificate with its key.</summary>
    /// <param name="certificatePem">The certificate, optionally followed by intermediates.</param>
    /// <param name="keyPem">The key, not encrypted.</param>
    /// <param name="certificateSource">Where the certificate is configured, for errors.</param>
    /// <param name="keySource">Where the key is configured, for errors.</param>
    /// <returns>Certificate, key and intermediates. Those that cannot be parsed are skipped.</returns>
    /// <exception cref="KubeConfigurationException">The certificate or the key cannot be read, or they do not belong together.</exception>
    public static ClientCertificate Load(byte[] certificatePem, byte[] keyPem, string certificateSource, string keySource)
    {
        var certificateText = Encoding.UTF8.GetString(certificatePem);
        var keyText = Encoding.UTF8.GetString(keyPem);
        var (all, skipped) = PemCertificates.Read(certificateText);
        if (all.Count == 0)
        {
            throw new KubeConfigurationException(
                $"{Printable.Sentence(certificateSource)} is not a PEM certificate. "
                + "To fix: use a file or data that begins with -----BEGIN CERTIFICATE-----.");
        }

        if (keyText.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new KubeConfigurationException(
                $"{Printable.Sentence(keySource)} is encrypted with a passphrase. To fix: decrypt it (openssl pkey -in KEY -out PLAIN).");
        }

        if (!keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new KubeConfigurationException(
                $"{Printable.Sentence(keySource)} is not a PEM private key. "
                + "To fix: use a file or data that begins with -----BEGIN … PRIVATE KEY-----.");
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(all[0].ExportCertificatePem(), keyText);
            if (OperatingSystem.IsWindows())
            {
                // TLS on Windows cannot use a key that exists only in memory.
                using var ephemeral = certificate;
                certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
            }

            all[0].Dispose();
            all.RemoveAt(0);
            return new ClientCertificate(
                certificate, all, certificateSource, skipped.Count > 0 ? PemCertificates.Describe(certificateSource, skipped) : null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new KubeConfigurationException(
                $"{Printable.Sentence(keySource)} does not belong to {certificateSource}, or its kind of key is not supported "
                + "(RSA and ECDSA are). To fix: use the key that the certificate was issued for.");
        }
    }
}
