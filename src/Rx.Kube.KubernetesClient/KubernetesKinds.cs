using k8s.Models;

namespace Rx.Kube;

/// <summary>The kinds of KubernetesClient's own models, for <c>kube.Resources(kind, …)</c>.</summary>
/// <remarks>
/// The models are mutable records that compare lists and dictionaries by reference: treat the objects that a watch emits as read-only,
/// and compare by uid and resourceVersion.
/// Other kinds, custom resources included, come from <see cref="KubernetesKind"/>.
/// </remarks>
public static class KubernetesKinds
{
    /// <summary>Gets the kind of <c>pods</c>.</summary>
    public static ResourceKind<V1Pod> Pods { get; } = KubernetesKind.Of<V1Pod>();

    /// <summary>Gets the kind of <c>services</c>.</summary>
    public static ResourceKind<V1Service> Services { get; } = KubernetesKind.Of<V1Service>();

    /// <summary>Gets the kind of <c>endpointslices.discovery.k8s.io</c>.</summary>
    public static ResourceKind<V1EndpointSlice> EndpointSlices { get; } = KubernetesKind.Of<V1EndpointSlice>();

    /// <summary>
    /// Gets the kind of <c>endpoints</c>, deprecated since Kubernetes 1.33 and truncated at 1,000 addresses; prefer slices.
    /// </summary>
    public static ResourceKind<V1Endpoints> Endpoints { get; } = KubernetesKind.Of<V1Endpoints>();

    /// <summary>Gets the kind of <c>nodes</c>, which are cluster-scoped.</summary>
    public static ResourceKind<V1Node> Nodes { get; } = KubernetesKind.Of<V1Node>();

    /// <summary>Gets the kind of <c>namespaces</c>, which are cluster-scoped.</summary>
    public static ResourceKind<V1Namespace> Namespaces { get; } = KubernetesKind.Of<V1Namespace>();
}
