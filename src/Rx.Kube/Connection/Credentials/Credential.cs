using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Rx.Kube;

/// <summary>
/// The current state of one identity. Immutable and compared by reference: the same object means that nothing was refreshed. Not a record,
/// because a record prints its secrets.
/// </summary>
internal sealed class Credential
{
    /// <summary>No identity.</summary>
    public static Credential Anonymous { get; } = new();

    /// <summary>The Authorization header; null for none.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>The client certificate with its key; null for none.</summary>
    public ClientCertificate? Certificate { get; init; }

    /// <summary>An application's own callback that authorizes a request; null for none.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task>? Authorize { get; init; }

    public static Credential Bearer(string token) => new() { Authorization = new AuthenticationHeaderValue("Bearer", token) };
}

/// <summary>A client certificate.</summary>
/// <param name="Certificate">The certificate with its private key.</param>
/// <param name="Intermediates">The intermediates to send with it.</param>
/// <param name="Source">Where it is configured.</param>
/// <param name="Warning">What was skipped; null for nothing.</param>
internal sealed record ClientCertificate(
    X509Certificate2 Certificate, X509Certificate2Collection Intermediates, string Source, string? Warning);
