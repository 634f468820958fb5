namespace Rx.Kube.Models;

/// <summary>
/// A <c>v1</c> Node, as far as topology needs it. Immutable; equality is by content, the resourceVersion left aside: it moves also with
/// what is not here, such as the images a node has.
/// </summary>
/// <remarks>Source: k8s.io/api core/v1 types.go and well_known_labels.go.</remarks>
public sealed record Node : IResource
{
    /// <summary>The label with the zone.</summary>
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>The label with the region.</summary>
    public const string RegionLabel = "topology.kubernetes.io/region";

    /// <summary>The object's metadata.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>Whether its condition <c>Ready</c> is <c>True</c>. Absent or unknown (the node does not report) means false.</summary>
    public bool Ready { get; init; }

    /// <summary>Whether no new pods are placed on it: it is cordoned.</summary>
    public bool Unschedulable { get; init; }

    /// <summary>Its zone, from <see cref="ZoneLabel"/>; null when it has none.</summary>
    public string? Zone => Metadata.Labels.GetValueOrDefault(ZoneLabel);

    /// <summary>Its region, from <see cref="RegionLabel"/>; null when it has none.</summary>
    public string? Region => Metadata.Labels.GetValueOrDefault(RegionLabel);

    /// <inheritdoc/>
    public bool Equals(Node? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Metadata.SameContent(other.Metadata) && Ready == other.Ready && Unschedulable == other.Unschedulable);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata.Name, Metadata.Uid, Ready, Unschedulable);
}
