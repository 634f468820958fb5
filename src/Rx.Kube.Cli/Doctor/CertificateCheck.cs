using System.Globalization;
using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Examines what the TLS handshake showed: the version of the protocol, and the dates of both certificates.</summary>
/// <param name="connection">The connection.</param>
/// <param name="tls">What the handshake showed.</param>
/// <param name="now">The time of this machine.</param>
internal sealed class CertificateCheck(KubeConnection connection, TlsFacts tls, DateTimeOffset now)
{
    private static readonly TimeSpan _shortestValidity = TimeSpan.FromDays(7);

    /// <summary>Examines. What does not work comes before what will end, and that before what is not checked.</summary>
    /// <returns>The check.</returns>
    public Check Run()
    {
        var check = Outdated("client", tls.Client, CheckState.Problem, $"renew it, or log in again ({connection.Source})")
            ?? Outdated("server", tls.Server, CheckState.Warning, "renew it on the server; a client that checks it refuses it")
            ?? Soon()
            ?? (tls.IsVerified
                ? new("tls", CheckState.Ok, $"{NameOf(tls.Protocol)}, the server's certificate is valid until {Day(tls.Server.Until)}")
                : new("tls", CheckState.Warning,
                    "the server's certificate is not checked (insecure-skip-tls-verify): any server is believed",
                    "replace insecure-skip-tls-verify by certificate-authority in the kubeconfig"));
        return check with
        {
            Details = [DatesOf("server", tls.Server), .. tls.Client is { } client ? new[] { DatesOf("client", client) } : []],
            Facts = json =>
            {
                json.WriteString("notAfter", tls.Server.Until);
                if (tls.Client is { } own)
                {
                    json.WriteString("clientNotAfter", own.Until);
                }
            },
        };
    }

    private Check? Outdated(string whose, CertificateFacts? certificate, CheckState state, string fix) => certificate switch
    {
        { } own when own.Until <= now =>
            new("tls", state, $"the {whose}'s certificate ended {Span(now - own.Until)} ago, on {Day(own.Until)}", fix),
        { } own when own.From > now => new("tls", state,
            $"the {whose}'s certificate is not valid yet: it begins in {Span(own.From - now)}, on {Day(own.From)}",
            "correct the clock of this machine, or that of its CA"),
        _ => null,
    };

    private Check? Soon()
    {
        var client = tls.Client is { } own && own.Until < tls.Server.Until ? own : null;
        var first = client ?? tls.Server;
        return first.Until - now >= _shortestValidity ? null : new("tls", CheckState.Warning,
            $"the {(client is null ? "server" : "client")}'s certificate ends in {Span(first.Until - now)}, on {Day(first.Until)}",
            client is null ? "renew it on the server" : $"renew it, or log in again ({connection.Source})");
    }

    private static string NameOf(string protocol) => protocol switch
    {
        "Tls12" => "TLS 1.2",
        "Tls13" => "TLS 1.3",
        _ => protocol,
    };

    private string DatesOf(string whose, CertificateFacts certificate) =>
        $"{whose} certificate: {Text(certificate.Subject)}, issued by {Text(certificate.Issuer)}, " +
        $"valid from {Day(certificate.From)} to {Day(certificate.Until)}";

    private string Text(string text) => connection.Outside.Of(text);

    private static string Span(TimeSpan span) => HumanFormat.Span(span);

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
