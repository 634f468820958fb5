using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube;

/// <summary>
/// One identity as it is now. Immutable, compared by reference: the same object means nothing was refreshed. Not a record: it
/// must not print itself.
/// </summary>
internal sealed class Credential
{
    /// <summary>No identity at all.</summary>
    public static Credential Anonymous { get; } = new();

    /// <summary>The Authorization header; null: none.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>The client certificate with its key; null: none.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>An application's own way to authorize a request; null: none.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task>? Authorize { get; init; }

    public static Credential Bearer(string token) => new() { Authorization = new AuthenticationHeaderValue("Bearer", token) };
}

/// <summary>A client certificate with its private key, and the intermediates to send along.</summary>
internal sealed record ClientCertificate(X509Certificate2 Certificate, X509Certificate2Collection Intermediates);
