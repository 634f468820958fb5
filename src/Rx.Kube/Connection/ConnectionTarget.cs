namespace Rx.Kube;

/// <summary>What a configuration describes: a server, how to trust it, and the identity to use there.</summary>
internal sealed class ConnectionTarget
{
    /// <summary>The API server, optionally with a base path.</summary>
    public required Uri Server { get; init; }

    /// <summary>Where <see cref="Server"/> is configured, for error messages.</summary>
    public required string Source { get; init; }

    /// <summary>Which configuration this is, and why it was chosen.</summary>
    public required string Chosen { get; init; }

    /// <summary>Why the configured credentials are not sent; null if they are, or there are none.</summary>
    public string? Withheld { get; init; }

    /// <summary>The namespace for requests that name none.</summary>
    public required string Namespace { get; init; }

    /// <summary>The CA that must have signed the server's certificate; null for the machine's trust store.</summary>
    public CertificateAuthority? Authority { get; init; }

    /// <summary>Whether any certificate is accepted (insecure-skip-tls-verify).</summary>
    public bool SkipVerification { get; init; }

    /// <summary>The name sent in the TLS handshake and expected in the certificate; null for the server's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>The proxy; null for none, even if the process's environment sets one.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The source of the identity.</summary>
    public required CredentialSource Credentials { get; init; }

    /// <summary>The identity to impersonate; null for none.</summary>
    public Impersonation? Impersonation { get; init; }
}
