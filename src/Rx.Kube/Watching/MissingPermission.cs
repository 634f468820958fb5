namespace Rx.Kube;

/// <summary>A permission that a caller lacks.</summary>
/// <param name="Verb">The verb that the server refused: <c>list</c> or <c>watch</c>.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The resource, such as <c>endpointslices</c>.</param>
/// <param name="Namespace">The namespace; null for the whole cluster.</param>
public sealed record MissingPermission(string Verb, string Group, string Resource, string? Namespace)
{
    /// <summary>
    /// Gets the user that lacks the permission, as named by the server; null when the server does not name one. Text from the network must
    /// be escaped before it is printed.
    /// </summary>
    public string? User { get; init; }

    /// <summary>
    /// Gets whether the server took the request for an anonymous one (<c>system:anonymous</c>): no credentials were sent, or it did not
    /// recognize them. A permission is then not what is missing.
    /// </summary>
    public bool IsAnonymous => RbacManifest.IsAnonymous(User);

    /// <summary>Gets the permission in words.</summary>
    /// <returns>The text, such as <c>watch endpointslices.discovery.k8s.io in namespace "prod"</c>.</returns>
    public override string ToString() =>
        $"{Verb} {Resource}{(Group.Length == 0 ? "" : "." + Group)} "
        + (Namespace is null ? "in the cluster" : $"in namespace \"{Namespace}\"");

    /// <summary>Creates the manifest that grants exactly what a watch needs: list and watch. Safe to print.</summary>
    /// <remarks>
    /// It grants to <see cref="User"/> if that is a service account or the name of one user. For <c>system:anonymous</c> and other reserved
    /// names, and without a user, it has a placeholder that must be replaced.
    /// </remarks>
    /// <returns>A Role and RoleBinding, or a ClusterRole and ClusterRoleBinding, as YAML for <c>kubectl apply -f</c>.</returns>
    public string ToManifest() => RbacManifest.For(this);
}
