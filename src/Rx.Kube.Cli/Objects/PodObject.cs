using Rx.Kube.Models;

namespace Rx.Kube.Cli.Objects;

/// <summary>
/// Represents a <c>v1</c> Pod: the fields that tell why it gets no traffic, or has left. Everything but the metadata may be absent. Source:
/// k8s.io/api core/v1 types.go.
/// </summary>
internal sealed record PodObject : IResource
{
    public required ObjectMeta Metadata { get; init; }

    public PodObjectSpec? Spec { get; init; }

    public PodObjectStatus? Status { get; init; }

    /// <summary>Gets a condition; null if there is none of this type.</summary>
    public ConditionObject? Condition(string type) => Status?.Conditions?.FirstOrDefault(c => c?.Type == type);

    /// <summary>Gets whether the condition <c>Ready</c> is true.</summary>
    public bool IsReady => Condition("Ready")?.Status == "True";
}

/// <summary>Represents the specification of a Pod.</summary>
internal sealed record PodObjectSpec
{
    public string? NodeName { get; init; }
}

/// <summary>Represents the status of a Pod.</summary>
internal sealed record PodObjectStatus
{
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? PodIP { get; init; }

    public ConditionObject?[]? Conditions { get; init; }

    public ContainerObject?[]? ContainerStatuses { get; init; }

    public ContainerObject?[]? InitContainerStatuses { get; init; }
}

/// <summary>Represents a condition of a Pod or of a Node.</summary>
internal sealed record ConditionObject
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}

/// <summary>Represents the status of a container.</summary>
internal sealed record ContainerObject
{
    public string? Name { get; init; }

    public bool Ready { get; init; }

    public int RestartCount { get; init; }

    public ContainerStateObject? State { get; init; }

    public ContainerStateObject? LastState { get; init; }
}

/// <summary>Represents the state of a container: at most one is set.</summary>
internal sealed record ContainerStateObject
{
    public ContainerReasonObject? Waiting { get; init; }

    public ContainerReasonObject? Terminated { get; init; }
}

/// <summary>Represents why a container waits or has ended.</summary>
internal sealed record ContainerReasonObject
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public int? ExitCode { get; init; }
}
