using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// One endpoint of a Service, after all slices have been merged: a member at an address, with the ports for which it is in one condition.
/// Immutable; equality is by content, the slice it came from left aside.
/// </summary>
public sealed record TopologyEndpoint
{
    /// <summary>
    /// The stable identity: the pod's name (for a StatefulSet that is the hostname, the same after every restart),
    /// else the hostname, else the address.
    /// </summary>
    public required string Member { get; init; }

    /// <summary>The addresses, IPs in canonical form; the first is the one to use. Never empty.</summary>
    public required ImmutableArray<string> Addresses { get; init; }

    /// <summary>The address to use.</summary>
    public string Address => Addresses[0];

    /// <summary>The address family: <c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public required string AddressType { get; init; }

    /// <summary>The ports, ordered by name, number and protocol; only ports with a number. May be empty for a headless Service.</summary>
    public ImmutableArray<EndpointPort> Ports { get; init; } = [];

    /// <summary>Whether it should get traffic: serving and not terminating, unless the Service publishes not-ready addresses. Absent means true.</summary>
    public bool Ready { get; init; } = true;

    /// <summary>Whether it can answer, terminating or not. Absent means true.</summary>
    public bool Serving { get; init; } = true;

    /// <summary>Whether it is going away. Absent means false. Ready and terminating can both be true.</summary>
    public bool Terminating { get; init; }

    /// <summary>
    /// Whether it is only a memory: its member is away, and <c>HoldDepartures</c> waits for it to come back. This is how it was last, but not ready,
    /// not serving, and terminating. Its address may be another's by now.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>The zone; null when unknown.</summary>
    public string? Zone { get; init; }

    /// <summary>The node; null when unknown.</summary>
    public string? Node { get; init; }

    /// <summary>The hostname; null when it has none.</summary>
    public string? Hostname { get; init; }

    /// <summary>The pod behind it; null when the endpoint does not stand for a pod.</summary>
    public string? Pod { get; init; }

    /// <summary>The uid of the object behind it: a new incarnation of the same member has another. Null when unknown.</summary>
    public string? Uid { get; init; }

    /// <summary>The zones whose clients should use it (<c>hints.forZones</c>); empty when it has no such hint. <see cref="ServiceTopology.For"/> knows when hints count.</summary>
    public ImmutableArray<string> ForZones { get; init; } = [];

    /// <summary>The nodes whose clients should use it (<c>hints.forNodes</c>); empty when it has no such hint.</summary>
    public ImmutableArray<string> ForNodes { get; init; } = [];

    /// <summary>The slice, or the Endpoints object, it came from. Endpoints move between slices; this is provenance, not content.</summary>
    public required string Slice { get; init; }

    /// <inheritdoc/>
    public bool Equals(TopologyEndpoint? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Member == other.Member && AddressType == other.AddressType &&
         Ready == other.Ready && Serving == other.Serving && Terminating == other.Terminating && IsHeld == other.IsHeld &&
         Zone == other.Zone && Node == other.Node && Hostname == other.Hostname && Pod == other.Pod && Uid == other.Uid &&
         Addresses.SequenceEqual(other.Addresses) && Ports.SequenceEqual(other.Ports) &&
         ForZones.SequenceEqual(other.ForZones) && ForNodes.SequenceEqual(other.ForNodes));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Member, Address, Ready, Serving, Terminating, Uid);

    internal bool IsIn(EndpointView view) => view switch
    {
        EndpointView.All => true,
        EndpointView.Ready => Ready,
        _ => !Ready && Serving && Terminating,
    };
}
