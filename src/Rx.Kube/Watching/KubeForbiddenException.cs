namespace Rx.Kube;

/// <summary>The API server refused a list or a watch (403): a permission is missing.</summary>
public sealed class KubeForbiddenException : KubeStatusException
{
    /// <summary>Creates the exception for a refused request.</summary>
    /// <param name="server">The API server.</param>
    /// <param name="permission">The permission that is missing. If its user is null, the user is read from the server's message.</param>
    /// <param name="status">The server's answer.</param>
    /// <param name="retryAfter">The wait that the server asks for; null when there is none.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="server"/>, <paramref name="permission"/> or <paramref name="status"/> is null.
    /// </exception>
    public KubeForbiddenException(Uri server, MissingPermission permission, KubeStatus status, TimeSpan? retryAfter = null)
        : this(server, status, WithUser(permission, status), retryAfter)
    {
    }

    private const string Anonymous =
        "No credentials were sent, or the server did not recognize them. To fix: log in, or use a context whose user has credentials "
        + "(kubectl auth whoami shows who you are). Do not grant it to system:anonymous: that is everyone who can reach the server.";

    private KubeForbiddenException(Uri server, KubeStatus status, MissingPermission permission, TimeSpan? retryAfter)
        : base(
            $"{Checked(server).Authority} does not allow to {permission}. The server says: {Printable.Of(status.Message, 1000)} " +
            (permission.IsAnonymous ? Anonymous : $"To fix: grant it with this manifest (kubectl apply -f):\n{permission.ToManifest()}"),
            status, retryAfter) =>
        Permission = permission;

    private KubeForbiddenException(string message, KubeStatus status, MissingPermission permission, TimeSpan? retryAfter)
        : base(message, status, retryAfter) => Permission = permission;

    /// <summary>
    /// Gets the permission that is missing, and with it the manifest that grants it. If <see cref="MissingPermission.IsAnonymous"/>, the
    /// credentials are missing instead.
    /// </summary>
    public MissingPermission Permission { get; }

    internal override KubeForbiddenException With(string message, KubeStatus status) => new(message, status, Permission, RetryAfter);

    private static Uri Checked(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server;
    }

    private static MissingPermission WithUser(MissingPermission permission, KubeStatus status)
    {
        ArgumentNullException.ThrowIfNull(permission);
        ArgumentNullException.ThrowIfNull(status);
        return permission.User is null ? permission with { User = RbacManifest.UserIn(status.Message) } : permission;
    }
}
