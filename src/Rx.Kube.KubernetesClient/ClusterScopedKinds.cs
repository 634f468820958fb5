using System.Collections.Frozen;

namespace Rx.Kube;

/// <summary>
/// The cluster-scoped resources among KubernetesClient's models. The package has no flag for the scope; a test compares this table with the
/// package's generated methods, which list a resource in namespaces by <c>List…ForAllNamespaces</c> and <c>ListNamespaced…</c>.
/// </summary>
internal static class ClusterScopedKinds
{
    private static readonly FrozenSet<string> _resources = FrozenSet.Create(
        StringComparer.Ordinal,
        "apiservices.apiregistration.k8s.io",
        "certificatesigningrequests.certificates.k8s.io",
        "clusterrolebindings.rbac.authorization.k8s.io",
        "clusterroles.rbac.authorization.k8s.io",
        "clustertrustbundles.certificates.k8s.io",
        "componentstatuses",
        "csidrivers.storage.k8s.io",
        "csinodes.storage.k8s.io",
        "customresourcedefinitions.apiextensions.k8s.io",
        "deviceclasses.resource.k8s.io",
        "devicetaintrules.resource.k8s.io",
        "flowschemas.flowcontrol.apiserver.k8s.io",
        "ingressclasses.networking.k8s.io",
        "ipaddresses.networking.k8s.io",
        "mutatingadmissionpolicies.admissionregistration.k8s.io",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "namespaces",
        "nodes",
        "persistentvolumes",
        "priorityclasses.scheduling.k8s.io",
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
        "resourcepoolstatusrequests.resource.k8s.io",
        "resourceslices.resource.k8s.io",
        "runtimeclasses.node.k8s.io",
        "servicecidrs.networking.k8s.io",
        "storageclasses.storage.k8s.io",
        "storageversionmigrations.storagemigration.k8s.io",
        "storageversions.internal.apiserver.k8s.io",
        "validatingadmissionpolicies.admissionregistration.k8s.io",
        "validatingadmissionpolicybindings.admissionregistration.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "volumeattachments.storage.k8s.io",
        "volumeattributesclasses.storage.k8s.io");

    /// <summary>Gets the resources in the form <c>plural.group</c>; the core group has no suffix.</summary>
    public static IReadOnlyCollection<string> All => _resources;

    public static bool Contains(string group, string plural) =>
        _resources.Contains(group.Length == 0 ? plural : $"{plural}.{group}");
}
