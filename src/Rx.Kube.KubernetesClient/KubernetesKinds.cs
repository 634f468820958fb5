using k8s.Models;

namespace Rx.Kube;

/// <summary>The kinds of KubernetesClient's own models, for <c>kube.Resources(kind, …)</c>.</summary>
/// <remarks>
/// The models are mutable records whose equality stops at their lists and dictionaries: treat what a watch hands out as read-only,
/// and compare by uid and resourceVersion.
/// Other kinds, custom resources included, come from <see cref="KubernetesKind.Of{T}"/>.
/// </remarks>
public static class KubernetesKinds
{
    /// <summary><c>pods</c>.</summary>
    public static ResourceKind<V1Pod> Pods { get; } = KubernetesKind.Of<V1Pod>();

    /// <summary><c>services</c>.</summary>
    public static ResourceKind<V1Service> Services { get; } = KubernetesKind.Of<V1Service>();

    /// <summary><c>endpointslices.discovery.k8s.io</c>.</summary>
    public static ResourceKind<V1EndpointSlice> EndpointSlices { get; } = KubernetesKind.Of<V1EndpointSlice>();

    /// <summary><c>endpoints</c>: deprecated by Kubernetes since 1.33, and capped at 1,000 addresses; prefer slices.</summary>
    public static ResourceKind<V1Endpoints> Endpoints { get; } = KubernetesKind.Of<V1Endpoints>();

    /// <summary><c>nodes</c>, cluster-scoped.</summary>
    public static ResourceKind<V1Node> Nodes { get; } = KubernetesKind.Of<V1Node>(namespaced: false);

    /// <summary><c>namespaces</c>, cluster-scoped.</summary>
    public static ResourceKind<V1Namespace> Namespaces { get; } = KubernetesKind.Of<V1Namespace>(namespaced: false);
}
