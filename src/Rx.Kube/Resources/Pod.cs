using System.Globalization;

namespace Rx.Kube.Models;

/// <summary>
/// A <c>v1</c> Pod: the fields that topology needs. Immutable; equality is by content without the resourceVersion, which also changes
/// with fields that are not here, such as the state of containers.
/// </summary>
/// <remarks>Source: k8s.io/api core/v1 types.go and apps/v1 types.go.</remarks>
public sealed record Pod : IResource
{
    /// <summary>The label with the ordinal of a StatefulSet's pod (since Kubernetes 1.28).</summary>
    public const string PodIndexLabel = "apps.kubernetes.io/pod-index";

    /// <summary>The label with the revision of the template that a pod was created from, set for StatefulSets and DaemonSets.</summary>
    public const string RevisionLabel = "controller-revision-hash";

    private const string StatefulSet = "StatefulSet";

    /// <summary>Gets the object's metadata.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>Gets the node that the pod runs on; null until it is scheduled.</summary>
    public string? NodeName { get; init; }

    /// <summary>Gets the addresses, one per address family, the primary one first; empty until the pod has one.</summary>
    public EquatableArray<string> IPs { get; init; }

    /// <summary>
    /// Gets the phase: <c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>; empty when absent.
    /// </summary>
    public string Phase { get; init; } = "";

    /// <summary>Gets whether the condition <c>Ready</c> is <c>True</c>. Absent or unknown means false.</summary>
    public bool Ready { get; init; }

    /// <summary>Gets whether the deletion of the pod was requested.</summary>
    public bool IsTerminating => Metadata.DeletionTimestamp is not null;

    /// <summary>Gets the owner that manages the pod, such as a ReplicaSet or a StatefulSet; null when there is none.</summary>
    public OwnerReference? Controller => Metadata.Controller;

    /// <summary>
    /// Gets the number of the pod in its StatefulSet, from 0 unless the set starts at another number. It is read from
    /// <see cref="PodIndexLabel"/>, else from the name when a StatefulSet owns the pod; null when the pod has none.
    /// </summary>
    public int? Ordinal =>
        Metadata.Labels.TryGetValue(PodIndexLabel, out var index) && OrdinalOf(index) is { } ordinal ? ordinal
        : Controller is { Kind: StatefulSet, Name: var set } && Metadata.Name.Length > set.Length + 1 &&
          Metadata.Name.StartsWith(set, StringComparison.Ordinal) && Metadata.Name[set.Length] == '-'
            ? OrdinalOf(Metadata.Name.AsSpan(set.Length + 1))
            : null;

    /// <summary>
    /// Gets the revision of the template that the pod was created from. It is read from <see cref="RevisionLabel"/>; null when the pod has
    /// none.
    /// </summary>
    public string? Revision => Metadata.Labels.GetValueOrDefault(RevisionLabel);

    // Written by hand because the resourceVersion is not content.

    /// <inheritdoc/>
    public bool Equals(Pod? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Metadata.SameContent(other.Metadata) && NodeName == other.NodeName && Phase == other.Phase &&
         Ready == other.Ready && IPs == other.IPs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata.Namespace, Metadata.Name, Metadata.Uid, NodeName, Phase, Ready);

    private static int? OrdinalOf(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
}
