using System.Collections.Immutable;
using Rx.Kube.Resources;

namespace Rx.Kube.Topology;

/// <summary>One slice as the fold keeps it: the slice, and what each of its endpoints claims. Immutable.</summary>
internal sealed class SliceEndpoints
{
    private const int HighestPort = 65535;
    private readonly EndpointSlice _slice;
    private readonly ImmutableArray<EndpointPort> _ports;

    // In the order of the slice's endpoints; null for one that has no address and so claims nothing.
    private readonly ServiceEndpoint?[] _claims;

    private SliceEndpoints(EndpointSlice slice, ImmutableArray<EndpointPort> ports, ServiceEndpoint?[] claims) =>
        (_slice, _ports, _claims) = (slice, ports, claims);

    /// <summary>When the last change of the slice was triggered; null when it does not say.</summary>
    public DateTimeOffset? LastChangeTriggerTime => _slice.Metadata.LastChangeTriggerTime;

    /// <summary>
    /// Takes the next state of a slice and moves its claims: those of endpoints that did not change stay, as the same objects.
    /// </summary>
    /// <param name="previous">The slice before; null if it is new.</param>
    /// <param name="slice">The slice now.</param>
    /// <param name="claims">Where claims are made.</param>
    public static SliceEndpoints Replace(SliceEndpoints? previous, EndpointSlice slice, AddressClaims claims)
    {
        var before = previous is null ? [] : previous._slice.Endpoints.AsSpan();
        var now = slice.Endpoints.AsSpan();
        var (head, tail) = (0, 0);
        ImmutableArray<EndpointPort> ports;
        if (previous is not null && previous._slice.AddressType == slice.AddressType &&
            previous._slice.Ports.AsSpan().SequenceEqual(slice.Ports.AsSpan()))
        {
            ports = previous._ports;
            head = before.CommonPrefixLength(now);
            tail = CommonSuffixLength(before[head..], now[head..]);
            if (head == before.Length && head == now.Length)
            {
                return new SliceEndpoints(slice, ports, previous._claims);
            }
        }
        else
        {
            ports = PortsOf(slice);
        }

        var next = new ServiceEndpoint?[now.Length];
        if (previous is not null)
        {
            previous._claims.AsSpan(0, head).CopyTo(next);
            previous._claims.AsSpan(before.Length - tail).CopyTo(next.AsSpan(now.Length - tail));
            previous.Withdraw(claims, head, before.Length - tail);
        }

        for (var i = head; i < now.Length - tail; i++)
        {
            if (ClaimOf(slice, now[i], ports) is { } claim)
            {
                next[i] = claim;
                claims.Add(claim);
            }
        }

        return new SliceEndpoints(slice, ports, next);
    }

    /// <summary>Takes all claims back: the slice is gone.</summary>
    public void Withdraw(AddressClaims claims) => Withdraw(claims, 0, _claims.Length);

    private void Withdraw(AddressClaims claims, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (_claims[i] is { } claim)
            {
                claims.Remove(claim);
            }
        }
    }

    private static ServiceEndpoint? ClaimOf(EndpointSlice slice, Endpoint endpoint, ImmutableArray<EndpointPort> ports)
    {
        if (endpoint.Addresses is not [{ Length: > 0 }, ..])
        {
            return null;
        }

        var addresses = Canonical(endpoint.Addresses);
        var target = endpoint.TargetRef;
        var pod = target is { Kind: "Pod", Name.Length: > 0 } ? target.Name : null;
        var hostname = NullIfEmpty(endpoint.Hostname);
        return new ServiceEndpoint
        {
            Member = pod ?? hostname ?? addresses[0],
            Addresses = addresses,
            AddressType = slice.AddressType,
            Ports = ports,
            Ready = endpoint.Ready ?? true,
            Serving = endpoint.Serving ?? true,
            Terminating = endpoint.Terminating ?? false,
            Zone = NullIfEmpty(endpoint.Zone),
            Node = NullIfEmpty(endpoint.NodeName),
            Hostname = hostname,
            Pod = pod,
            Uid = NullIfEmpty(target?.Uid),
            ForZones = endpoint.ForZones,
            ForNodes = endpoint.ForNodes,
            Slice = slice.Metadata.Name,
        };
    }

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

    // Each number and protocol once; what could not be connected to is left out.
    private static ImmutableArray<EndpointPort> PortsOf(EndpointSlice slice) =>
        [.. slice.Ports.Where(p => p.Port is > 0 and <= HighestPort).Order(EndpointOrder.ByPort).DistinctBy(p => (p.Port, p.Protocol))];

    private static int CommonSuffixLength(ReadOnlySpan<Endpoint> x, ReadOnlySpan<Endpoint> y)
    {
        var length = 0;
        while (length < x.Length && length < y.Length && x[^(length + 1)].Equals(y[^(length + 1)]))
        {
            length++;
        }

        return length;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
