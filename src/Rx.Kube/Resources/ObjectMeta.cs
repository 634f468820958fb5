using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Rx.Kube.Models;

/// <summary>
/// The part of a Kubernetes object's <c>metadata</c> that topology needs. Immutable; equality is by content. It can be a property of your
/// own type: System.Text.Json reads and writes it as <c>metadata</c>, with source generation too.
/// </summary>
[JsonConverter(typeof(ObjectMetaJsonConverter))]
public sealed record ObjectMeta
{
    // Each event makes one of these: no flags beside the times, and nothing for the time that hardly any object has.
    private readonly DateTimeOffset _lastChange;
    private readonly object? _deletion;

    /// <summary>Gets the object's name, unique in its namespace.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the object's namespace; empty for a cluster-scoped object.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>
    /// Gets the identity of this incarnation: an object that is deleted and created again has the same name and another uid.
    /// </summary>
    public string Uid { get; init; } = "";

    /// <summary>
    /// Gets the object's resourceVersion. It is opaque, and a watch must not start from it: a watch starts from the version of the list,
    /// or of the last event.
    /// </summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>Gets the object's labels; empty when it has none.</summary>
    public FrozenDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>
    /// Gets the time of the change that led to this object, from the annotation
    /// <c>endpoints.kubernetes.io/last-change-trigger-time</c>; null when it is absent.
    /// </summary>
    public DateTimeOffset? LastChangeTriggerTime
    {
        get => _lastChange == default ? null : _lastChange;
        init => _lastChange = value ?? default;
    }

    /// <summary>
    /// Gets the time at which the object is due to be deleted; null unless its deletion was requested. For a pod this is the time of
    /// the request plus its grace period (apimachinery meta/v1 types.go).
    /// </summary>
    public DateTimeOffset? DeletionTimestamp
    {
        get => (DateTimeOffset?)_deletion;
        init => _deletion = value;
    }

    /// <summary>
    /// Gets the owner that manages the object: the one of the <c>ownerReferences</c> whose <c>controller</c> is true; null when there is
    /// none.
    /// </summary>
    public OwnerReference? Controller { get; init; }

    // Written by hand because the dictionary of labels compares by reference.

    /// <inheritdoc/>
    public bool Equals(ObjectMeta? other) =>
        ReferenceEquals(this, other) || (SameContent(other) && ResourceVersion == other!.ResourceVersion);

    /// <summary>
    /// Gets whether everything except the resourceVersion is equal: it also changes with fields that a model does not have.
    /// </summary>
    internal bool SameContent(ObjectMeta? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Name == other.Name && Namespace == other.Namespace && Uid == other.Uid &&
         LastChangeTriggerTime == other.LastChangeTriggerTime && DeletionTimestamp == other.DeletionTimestamp &&
         Controller == other.Controller && SameLabels(other));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Namespace, Uid, ResourceVersion);

    // The decoders share label sets, so the reference is compared first.
    private bool SameLabels(ObjectMeta other) =>
        ReferenceEquals(Labels, other.Labels) ||
        (Labels.Count == other.Labels.Count && Labels.All(l => other.Labels.TryGetValue(l.Key, out var v) && v == l.Value));
}

/// <summary>The object that manages another one.</summary>
/// <param name="Kind">The kind, such as <c>ReplicaSet</c> or <c>StatefulSet</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Uid">The uid of this incarnation.</param>
public sealed record OwnerReference(string Kind, string Name, string Uid);
