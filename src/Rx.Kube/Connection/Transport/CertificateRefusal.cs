using System.Globalization;
using System.Text.RegularExpressions;

namespace Rx.Kube;

/// <summary>
/// Recognizes that the server refuses the client certificate, or needs one. In TLS 1.3 the client learns that after its handshake: by an
/// alert, or because it writes to a connection that is closed.
/// </summary>
internal sealed partial class CertificateRefusal(ConnectionTarget target, ClientCertificate? certificate)
{
    private const int OpenSslAlert = 1000; // Source: openssl/tls1.h, SSL_AD_REASON_OFFSET.

    /// <summary>Makes the error for a failure that an alert explains; null for any other failure.</summary>
    public PeerException? Explain(Exception failure) => AlertOf(failure) is { } alert ? Explain(alert, failure) : null;

    /// <summary>Makes the error for a connection that ended before it was of any use; null if no certificate was shown.</summary>
    public PeerException? ExplainEnd(Exception? failure, bool wasShown) =>
        (failure is null ? null : Explain(failure)) ?? (wasShown ? Refused("it closed the connection right after it", failure) : null);

    private PeerException? Explain(int alert, Exception failure) => alert switch
    {
        40 or 116 when certificate is null => Needed(alert, failure),
        >= 42 and <= 46 or 48 or 49 or 116 => certificate is null
            ? Needed(alert, failure)
            : Refused($"{NameOf(alert)} (TLS alert {alert})", failure),
        _ => null,
    };

    private PeerException Refused(string why, Exception? failure) => new(
        $"{target.Server.Authority} refuses the client certificate \"{Printable.Of(certificate!.Certificate.Subject)}\" "
        + $"({certificate.Source}, valid from {certificate.Certificate.NotBefore.ToUniversalTime():u} to "
        + $"{certificate.Certificate.NotAfter.ToUniversalTime():u}): {why}. "
        + $"To fix: renew the certificate, or use one that this cluster's CA has signed, and check the server's address ({target.Source}).",
        failure);

    private PeerException Needed(int alert, Exception failure) => new(
        $"{target.Server.Authority} asks for a client certificate, and there is none (TLS alert {alert}). "
        + $"To fix: log in with client-certificate and client-key, or correct the server's address ({target.Source}).",
        failure);

    // Source: RFC 8446 section 6.2.
    private static string NameOf(int alert) => alert switch
    {
        43 => "its kind is not supported",
        44 => "it is revoked",
        45 => "it has expired, or is not valid yet",
        48 => "its CA is unknown there",
        49 => "it is valid, but has no access",
        116 => "a certificate is required, and this one did not count",
        _ => "it is not acceptable there",
    };

    private static int? AlertOf(Exception? failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (OpenSslError().Match(e.Message) is { Success: true } match)
            {
                return int.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - OpenSslAlert;
            }
        }

        return null;
    }

    [GeneratedRegex("error:0A000([0-9A-Fa-f]{3}):")]
    private static partial Regex OpenSslError();
}
