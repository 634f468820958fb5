namespace Rx.Kube;

/// <summary>Sends requests that need one permission. A 403 becomes a <see cref="KubeForbiddenException"/> that names it.</summary>
/// <param name="connection">The connection.</param>
/// <param name="accepted">The formats in which answers can be read.</param>
/// <param name="permission">The permission that the requests need.</param>
internal sealed class PermittedRequests(KubeConnection connection, AcceptedFormats accepted, MissingPermission permission)
{
    /// <summary>Sends a GET and returns the response once its headers have arrived and its status is 2xx.</summary>
    /// <exception cref="KubeForbiddenException">The permission is missing.</exception>
    /// <inheritdoc cref="KubeConnection.GetAsync(string, AcceptedFormats, bool, CancellationToken)" path="/exception"/>
    public async Task<HttpResponseMessage> GetAsync(string path, CancellationToken ct)
    {
        try
        {
            return await connection.GetAsync(path, accepted, permission.Verb == "watch", ct).ConfigureAwait(false);
        }
        catch (KubeStatusException e) when (e.Status.Code == 403)
        {
            throw new KubeForbiddenException(connection.Server, permission, e.Status, e.RetryAfter);
        }
    }
}
