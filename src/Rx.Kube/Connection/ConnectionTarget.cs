namespace Rx.Kube;

/// <summary>What a configuration leads to: a server, how to trust it, and who to be there.</summary>
internal sealed class ConnectionTarget
{
    /// <summary>The API server, perhaps with a base path.</summary>
    public required Uri Server { get; init; }

    /// <summary>Where <see cref="Server"/> is configured, for error messages.</summary>
    public required string Source { get; init; }

    /// <summary>The namespace to use where none is named.</summary>
    public required string Namespace { get; init; }

    /// <summary>The CA that must have signed the server's certificate; null: the machine's trust store.</summary>
    public CertificateAuthority? Authority { get; init; }

    /// <summary>Whether any certificate is good enough (insecure-skip-tls-verify).</summary>
    public bool SkipVerification { get; init; }

    /// <summary>The name asked for in the TLS handshake and expected in the certificate; null: the server's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>The proxy; null: none at all, whatever the process's environment says.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Who to be.</summary>
    public required CredentialSource Credentials { get; init; }

    /// <summary>Whom to act as; null: oneself.</summary>
    public Impersonation? Impersonation { get; init; }
}
