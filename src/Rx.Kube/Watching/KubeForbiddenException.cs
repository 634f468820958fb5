namespace Rx.Kube;

/// <summary>The API server refused a list or a watch (403): a permission is missing.</summary>
public sealed class KubeForbiddenException : KubeStatusException
{
    /// <summary>Describes a refusal.</summary>
    /// <param name="server">The API server.</param>
    /// <param name="permission">What is missing; the user is taken from the server's words where it is not given.</param>
    /// <param name="status">What the server said.</param>
    /// <param name="retryAfter">How long the server asks to wait, if it does.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public KubeForbiddenException(Uri server, MissingPermission permission, KubeStatus status, TimeSpan? retryAfter = null)
        : this(server, status, WithUser(permission, status), retryAfter)
    {
    }

    private KubeForbiddenException(Uri server, KubeStatus status, MissingPermission permission, TimeSpan? retryAfter)
        : base(
            $"{Checked(server).Authority} does not allow to {permission}. The server says: {Printable.Of(status.Message, 1000)} " +
            $"Cure: grant it with this manifest (kubectl apply -f):\n{permission.ToManifest()}",
            status, retryAfter) =>
        Permission = permission;

    /// <summary>The permission that is missing, and the manifest that grants it.</summary>
    public MissingPermission Permission { get; }

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
