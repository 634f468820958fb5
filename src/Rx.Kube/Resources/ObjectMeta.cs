using System.Collections.Frozen;

namespace Rx.Kube.Resources;

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

    /// <inheritdoc/>
    public bool Equals(ObjectMeta? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Name == other.Name && Namespace == other.Namespace && Uid == other.Uid &&
         ResourceVersion == other.ResourceVersion && LastChangeTriggerTime == other.LastChangeTriggerTime &&
         Labels.Count == other.Labels.Count &&
         Labels.All(l => other.Labels.TryGetValue(l.Key, out var v) && v == l.Value));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Namespace, Uid, ResourceVersion);
}
