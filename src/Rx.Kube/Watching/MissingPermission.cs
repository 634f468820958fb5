namespace Rx.Kube;

/// <summary>A permission that is missing.</summary>
/// <param name="Verb">The verb that was refused: <c>list</c> or <c>watch</c>.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The resource, such as <c>endpointslices</c>.</param>
/// <param name="Namespace">The namespace; null for all of the cluster.</param>
public sealed record MissingPermission(string Verb, string Group, string Resource, string? Namespace)
{
    /// <summary>The user who lacks it, as the server names it; null when it does not. From the network: escape before printing.</summary>
    public string? User { get; init; }

    /// <summary>The permission in words.</summary>
    /// <returns>Such as <c>watch endpointslices.discovery.k8s.io in namespace "prod"</c>.</returns>
    public override string ToString() =>
        $"{Verb} {Resource}{(Group.Length == 0 ? "" : "." + Group)} {(Namespace is null ? "in the cluster" : $"in namespace \"{Namespace}\"")}";

    /// <summary>The manifest that grants what a watch needs, list and watch, and nothing more. Safe to print.</summary>
    /// <returns>A Role and RoleBinding, or a ClusterRole and ClusterRoleBinding, as YAML for <c>kubectl apply -f</c>.</returns>
    public string ToManifest() => RbacManifest.For(this);
}
