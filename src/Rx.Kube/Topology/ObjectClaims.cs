using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>One object as the fold keeps it: whose it is, and what each of its endpoints claims. Immutable.</summary>
/// <param name="service">The Service, to which the claims are made.</param>
/// <param name="claims">A claim for each endpoint; null for one that has no address and so claims nothing.</param>
internal abstract class ObjectClaims(ServiceState service, TopologyEndpoint?[] claims)
{
    private const int HighestPort = 65535;

    /// <summary>The Service.</summary>
    public ServiceState Service => service;

    /// <summary>When the last change of the object was triggered; null when it does not say.</summary>
    public abstract DateTimeOffset? LastChangeTriggerTime { get; }

    /// <summary>Whether endpoints are missing from the object.</summary>
    public virtual bool IsTruncated => false;

    protected TopologyEndpoint?[] Claims => claims;

    /// <summary>Takes all claims back: the object is gone.</summary>
    public void Withdraw() => Withdraw(0, claims.Length);

    protected void Withdraw(int from, int to)
    {
        foreach (var claim in claims.AsSpan(from, to - from))
        {
            if (claim is not null)
            {
                service.Claims.Remove(claim);
            }
        }
    }

    /// <summary>What an endpoint claims; null if it has no address.</summary>
    protected static TopologyEndpoint? ClaimOf(string @object, string addressType, Endpoint endpoint, ImmutableArray<EndpointPort> ports)
    {
        if (endpoint.Addresses is not [{ Length: > 0 }, ..])
        {
            return null;
        }

        var addresses = Canonical(endpoint.Addresses.AsImmutableArray());
        var target = endpoint.TargetRef;
        var pod = target is { Kind: "Pod", Name.Length: > 0 } ? target.Name : null;
        var hostname = NullIfEmpty(endpoint.Hostname);
        return new TopologyEndpoint
        {
            Member = pod ?? hostname ?? addresses[0],
            Addresses = addresses,
            AddressType = addressType,
            Ports = ports,
            Ready = endpoint.Ready ?? true,
            Serving = endpoint.Serving ?? true,
            Terminating = endpoint.Terminating ?? false,
            Zone = NullIfEmpty(endpoint.Zone),
            Node = NullIfEmpty(endpoint.NodeName),
            Hostname = hostname,
            Pod = pod,
            Uid = NullIfEmpty(target?.Uid),
            ForZones = endpoint.ForZones.AsImmutableArray(),
            ForNodes = endpoint.ForNodes.AsImmutableArray(),
            Slice = @object,
        };
    }

    /// <summary>The ports that count: each number and protocol once; what could not be connected to is left out.</summary>
    protected static ImmutableArray<EndpointPort> PortsOf(ImmutableArray<EndpointPort> ports) =>
        [.. ports.Where(p => p.Port is > 0 and <= HighestPort).Order(EndpointOrder.ByPort).DistinctBy(p => (p.Port, p.Protocol))];

    private static ImmutableArray<string> Canonical(ImmutableArray<string> addresses)
    {
        for (var i = 0; i < addresses.Length; i++)
        {
            var canonical = IpText.Canonical(addresses[i]);
            if (!ReferenceEquals(canonical, addresses[i]))
            {
                addresses = addresses.SetItem(i, canonical);
            }
        }

        return addresses;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
