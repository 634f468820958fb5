using Rx.Kube.Models;

namespace Rx.Kube.Cli.Objects;

/// <summary>Represents a <c>v1</c> Node: the fields that tell whether its pods can serve.</summary>
internal sealed record NodeObject : IResource
{
    public required ObjectMeta Metadata { get; init; }

    public NodeObjectSpec? Spec { get; init; }

    public NodeObjectStatus? Status { get; init; }

    /// <summary>Gets the zone; null if the node has none.</summary>
    public string? Zone => Metadata.Labels.GetValueOrDefault(Node.ZoneLabel);

    /// <summary>Gets the condition <c>Ready</c>; null if there is none.</summary>
    public ConditionObject? Ready => Status?.Conditions?.FirstOrDefault(c => c?.Type == "Ready");

    /// <summary>Gets whether the condition <c>Ready</c> is true.</summary>
    public bool IsReady => Ready?.Status == "True";
}

/// <summary>Represents the specification of a Node.</summary>
internal sealed record NodeObjectSpec
{
    public bool Unschedulable { get; init; }
}

/// <summary>Represents the status of a Node.</summary>
internal sealed record NodeObjectStatus
{
    public ConditionObject?[]? Conditions { get; init; }
}
