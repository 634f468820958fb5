using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Objects;

/// <summary>Represents a <c>v1</c> Service: the fields that a person wants to see. Everything but the metadata may be absent.</summary>
internal sealed record ServiceObject : IResource
{
    public required ObjectMeta Metadata { get; init; }

    public ServiceObjectSpec? Spec { get; init; }

    /// <summary>Gets the selector as kubectl writes it: <c>app=cache,tier=a</c>; null for none.</summary>
    public string? Selector => Spec?.Selector is { Count: > 0 } labels
        ? string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")) : null;

    /// <summary>Gets whether the Service is an alias of a DNS name.</summary>
    public bool IsExternalName => Spec?.Type == "ExternalName";

    /// <summary>Gets whether the Service has no address of its own.</summary>
    public bool IsHeadless => Spec?.ClusterIP is "None";
}

/// <summary>Represents the specification of a Service. Source: k8s.io/api core/v1 types.go.</summary>
internal sealed record ServiceObjectSpec
{
    public string? Type { get; init; }

    public string? ClusterIP { get; init; }

    public string? ExternalName { get; init; }

    public Dictionary<string, string?>? Selector { get; init; }

    public ServiceObjectPort?[]? Ports { get; init; }

    public bool PublishNotReadyAddresses { get; init; }
}

/// <summary>Represents a port of a Service.</summary>
internal sealed record ServiceObjectPort
{
    public string? Name { get; init; }

    public int Port { get; init; }

    /// <summary>Gets the number or the name of the port of the pods.</summary>
    public JsonElement TargetPort { get; init; }

    public string? Protocol { get; init; }
}
