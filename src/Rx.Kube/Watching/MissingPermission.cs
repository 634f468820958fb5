using Rx.Kube.Connection;

namespace Rx.Kube.Watching;

/// <summary>The API server refused a list or a watch (403): a permission is missing.</summary>
public sealed class KubeForbiddenException : KubeStatusException
{
    internal KubeForbiddenException(Uri server, MissingPermission permission, KubeStatusException refusal)
        : base(
            $"{server.Authority} does not allow to {permission}. The server says: {Printable.Of(refusal.Status.Message, 1000)} " +
            $"Cure: grant it with this manifest (kubectl apply -f):\n{permission.ToManifest()}",
            refusal.Status, refusal.RetryAfter) =>
        Permission = permission;

    /// <summary>The permission that is missing, and the manifest that grants it.</summary>
    public MissingPermission Permission { get; }
}

/// <summary>A permission that is missing.</summary>
/// <param name="Verb">The verb that was refused: <c>list</c> or <c>watch</c>.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The resource, such as <c>endpointslices</c>.</param>
/// <param name="Namespace">The namespace; null for all of the cluster.</param>
public sealed record MissingPermission(string Verb, string Group, string Resource, string? Namespace)
{
    /// <summary>The permission in words.</summary>
    /// <returns>Such as <c>watch endpointslices.discovery.k8s.io in namespace "prod"</c>.</returns>
    public override string ToString() =>
        $"{Verb} {Resource}{(Group.Length == 0 ? "" : "." + Group)} {(Namespace is null ? "in the cluster" : $"in namespace \"{Namespace}\"")}";

    /// <summary>The manifest that grants what a watch needs, list and watch, and nothing more.</summary>
    /// <param name="serviceAccount">The service account it is granted to.</param>
    /// <returns>A Role and RoleBinding, or a ClusterRole and ClusterRoleBinding, as YAML.</returns>
    public string ToManifest(string serviceAccount = "YOUR-SERVICE-ACCOUNT")
    {
        var cluster = Namespace is null ? "Cluster" : "";
        var place = Namespace is null ? "" : $", namespace: {Namespace}";
        return $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {{cluster}}Role
            metadata: {name: rx-kube-{{Resource}}{{place}}}
            rules:
            - apiGroups: ["{{Group}}"]
              resources: ["{{Resource}}"]
              verbs: ["list", "watch"]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {{cluster}}RoleBinding
            metadata: {name: rx-kube-{{Resource}}{{place}}}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: {{cluster}}Role, name: rx-kube-{{Resource}}}
            subjects:
            - {kind: ServiceAccount, name: {{serviceAccount}}, namespace: {{Namespace ?? "YOUR-NAMESPACE"}}}

            """;
    }
}
