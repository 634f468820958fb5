using System.Collections.Frozen;

namespace Rx.Kube.Models;

/// <summary>
/// The part of a Kubernetes object's <c>metadata</c> that topology needs. Immutable; equality is by content.
/// </summary>
public sealed record ObjectMeta
{
    /// <summary>The object's name, unique in its namespace.</summary>
    public required string Name { get; init; }

    /// <summary>The object's namespace; empty for a cluster-scoped object.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The identity of this incarnation: a deleted and recreated object has the same name and another uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>
    /// The object's resourceVersion: opaque, and never a place to start a watch from
    /// (that is the version of the list, or of the last event).
    /// </summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>The object's labels; empty when it has none.</summary>
    public FrozenDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>
    /// When the change that led to this object happened, from the annotation
    /// <c>endpoints.kubernetes.io/last-change-trigger-time</c>; null when it is absent.
    /// </summary>
    public DateTimeOffset? LastChangeTriggerTime { get; init; }

    /// <summary>
    /// When the object is to be gone, once somebody has asked for its deletion; null until then. For a pod that is the time of the
    /// request and its grace period (apimachinery meta/v1 types.go).
    /// </summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>The owner that manages the object: of <c>ownerReferences</c> the one whose <c>controller</c> is true; null when there is none.</summary>
    public OwnerReference? Controller { get; init; }

    /// <inheritdoc/>
    public bool Equals(ObjectMeta? other) =>
        ReferenceEquals(this, other) || (SameContent(other) && ResourceVersion == other!.ResourceVersion);

    /// <summary>Whether all is equal but the resourceVersion, which moves also with what a model does not hold.</summary>
    internal bool SameContent(ObjectMeta? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Name == other.Name && Namespace == other.Namespace && Uid == other.Uid &&
         LastChangeTriggerTime == other.LastChangeTriggerTime && DeletionTimestamp == other.DeletionTimestamp &&
         Controller == other.Controller && SameLabels(other));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Namespace, Uid, ResourceVersion);

    // Label sets are shared by the decoders.
    private bool SameLabels(ObjectMeta other) =>
        ReferenceEquals(Labels, other.Labels) ||
        (Labels.Count == other.Labels.Count && Labels.All(l => other.Labels.TryGetValue(l.Key, out var v) && v == l.Value));
}

/// <summary>The object that manages another one.</summary>
/// <param name="Kind">Its kind, such as <c>ReplicaSet</c> or <c>StatefulSet</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">The uid of this incarnation of it.</param>
public sealed record OwnerReference(string Kind, string Name, string Uid);
