using System.Collections.Immutable;
using System.Globalization;

namespace Rx.Kube.Models;

/// <summary>
/// A <c>v1</c> Pod, as far as topology needs it. Immutable; equality is by content, the resourceVersion left aside: it moves also with
/// what is not here, such as the state of containers.
/// </summary>
/// <remarks>Source: k8s.io/api core/v1 types.go and apps/v1 types.go.</remarks>
public sealed record Pod : IResource
{
    /// <summary>The label with the ordinal of a StatefulSet's pod (since Kubernetes 1.28).</summary>
    public const string PodIndexLabel = "apps.kubernetes.io/pod-index";

    /// <summary>The label with the revision of the template a pod was made from, set for StatefulSets and DaemonSets.</summary>
    public const string RevisionLabel = "controller-revision-hash";

    private const string StatefulSet = "StatefulSet";

    /// <summary>The object's metadata.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>The node it runs on; null until it is scheduled.</summary>
    public string? NodeName { get; init; }

    /// <summary>Its addresses, one per address family, the first of them the primary one; empty until it has one, never default.</summary>
    public ImmutableArray<string> IPs { get; init; } = [];

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>; empty when absent.</summary>
    public string Phase { get; init; } = "";

    /// <summary>Whether its condition <c>Ready</c> is <c>True</c>. Absent or unknown means false.</summary>
    public bool Ready { get; init; }

    /// <summary>Whether its deletion was asked for.</summary>
    public bool IsTerminating => Metadata.DeletionTimestamp is not null;

    /// <summary>What manages it, such as a ReplicaSet or a StatefulSet; null for a pod on its own.</summary>
    public OwnerReference? Controller => Metadata.Controller;

    /// <summary>
    /// Its number in its StatefulSet, from 0 unless the set begins elsewhere: from <see cref="PodIndexLabel"/>, else from its name when
    /// a StatefulSet owns it; null when it has none.
    /// </summary>
    public int? Ordinal =>
        Metadata.Labels.TryGetValue(PodIndexLabel, out var index) && OrdinalOf(index) is { } ordinal ? ordinal
        : Controller is { Kind: StatefulSet, Name: var set } && Metadata.Name.Length > set.Length + 1 &&
          Metadata.Name.StartsWith(set, StringComparison.Ordinal) && Metadata.Name[set.Length] == '-'
            ? OrdinalOf(Metadata.Name.AsSpan(set.Length + 1))
            : null;

    /// <summary>The revision of the template it was made from, from <see cref="RevisionLabel"/>; null when it has none.</summary>
    public string? Revision => Metadata.Labels.GetValueOrDefault(RevisionLabel);

    /// <inheritdoc/>
    public bool Equals(Pod? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Metadata.SameContent(other.Metadata) && NodeName == other.NodeName && Phase == other.Phase &&
         Ready == other.Ready && IPs.AsSpan().SequenceEqual(other.IPs.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metadata.Namespace, Metadata.Name, Metadata.Uid, NodeName, Phase, Ready);

    private static int? OrdinalOf(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
}
