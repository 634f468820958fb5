using System.Collections.Immutable;

namespace Rx.Kube.Models;

/// <summary>One endpoint of an <see cref="EndpointSlice"/>, as the API server sent it. Immutable; equality is by content.</summary>
public sealed record Endpoint
{
    /// <summary>The addresses, which are interchangeable: consumers use the first (discovery/v1 types.go). Never default.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary><c>conditions.ready</c>; null when absent, which means true.</summary>
    public bool? Ready { get; init; }

    /// <summary><c>conditions.serving</c>: ready whether or not terminating; null when absent, which means true.</summary>
    public bool? Serving { get; init; }

    /// <summary><c>conditions.terminating</c>; null when absent, which means false.</summary>
    public bool? Terminating { get; init; }

    /// <summary>The host name, set for pods of a StatefulSet (and others with a hostname and this subdomain).</summary>
    public string? Hostname { get; init; }

    /// <summary>The name of the node that hosts the endpoint.</summary>
    public string? NodeName { get; init; }

    /// <summary>The zone the endpoint is in.</summary>
    public string? Zone { get; init; }

    /// <summary>The object behind the endpoint, normally a Pod.</summary>
    public TargetReference? TargetRef { get; init; }

    /// <summary><c>hints.forZones</c>: the zones that should consume this endpoint; empty when there is no hint.</summary>
    public ImmutableArray<string> ForZones { get; init; } = [];

    /// <summary><c>hints.forNodes</c>: the nodes that should consume this endpoint; empty when there is no hint.</summary>
    public ImmutableArray<string> ForNodes { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(Endpoint? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Ready == other.Ready && Serving == other.Serving && Terminating == other.Terminating &&
         Hostname == other.Hostname && NodeName == other.NodeName && Zone == other.Zone && Equals(TargetRef, other.TargetRef) &&
         Addresses.SequenceEqual(other.Addresses) && ForZones.SequenceEqual(other.ForZones) && ForNodes.SequenceEqual(other.ForNodes));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Addresses.IsEmpty ? null : Addresses[0], Ready, Serving, Terminating, Hostname, TargetRef);
}

/// <summary>What an endpoint stands for: <c>targetRef</c>.</summary>
/// <param name="Kind">The kind, normally <c>Pod</c>.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name.</param>
/// <param name="Uid">The uid of this incarnation.</param>
public sealed record TargetReference(string Kind, string Namespace, string Name, string Uid);
