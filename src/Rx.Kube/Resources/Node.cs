namespace Rx.Kube.Models;

/// <summary>
/// A <c>v1</c> Node: the fields that topology needs. Immutable; equality is by content without the resourceVersion, which also changes
/// with fields that are not here, such as the images of a node.
/// </summary>
/// <remarks>Source: k8s.io/api core/v1 types.go and well_known_labels.go.</remarks>
public sealed record Node : IResource
{
    /// <summary>The label with the zone.</summary>
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>The label with the region.</summary>
    public const string RegionLabel = "topology.kubernetes.io/region";

    /// <summary>Gets the object's metadata.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>Gets whether the condition <c>Ready</c> is <c>True</c>. Absent or unknown (the node does not report) means false.</summary>
    public bool Ready { get; init; }

    /// <summary>Gets whether the node is cordoned: no new pods are placed on it.</summary>
    public bool Unschedulable { get; init; }

    /// <summary>Gets the zone, from <see cref="ZoneLabel"/>; null when the node has none.</summary>
    public string? Zone => Metadata.Labels.GetValueOrDefault(ZoneLabel);

    /// <summary>Gets the region, from <see cref="RegionLabel"/>; null when the node has none.</summary>
    public string? Region => Metadata.Labels.GetValueOrDefault(RegionLabel);

    // Written by hand because the resourceVersion is not content.

    /// <inheritdoc/>
    public bool Equals(Node? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Metadata.SameContent(other.Metadata) && Ready == other.Ready && Unschedulable == other.Unschedulable);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata.Name, Metadata.Uid, Ready, Unschedulable);
}
