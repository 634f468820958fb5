using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>One slice as the fold keeps it. Immutable.</summary>
internal sealed class SliceClaims : ObjectClaims
{
    private readonly EndpointSlice _slice;
    private readonly ImmutableArray<EndpointPort> _ports;

    private SliceClaims(ServiceState service, EndpointSlice slice, ImmutableArray<EndpointPort> ports, TopologyEndpoint?[] claims)
        : base(service, claims) => (_slice, _ports) = (slice, ports);

    public override DateTimeOffset? LastChangeTriggerTime => _slice.Metadata.LastChangeTriggerTime;

    /// <summary>
    /// Takes the next state of a slice and moves its claims: those of endpoints that did not change stay, as the same objects.
    /// </summary>
    /// <param name="before">The slice before; null if it is new.</param>
    /// <param name="slice">The slice now.</param>
    /// <param name="service">Its Service; the same as before.</param>
    public static ObjectClaims Replace(ObjectClaims? before, EndpointSlice slice, ServiceState service)
    {
        var previous = (SliceClaims?)before;
        var old = previous is null ? [] : previous._slice.Endpoints.AsSpan();
        var now = slice.Endpoints.AsSpan();
        var (head, tail) = (0, 0);
        ImmutableArray<EndpointPort> ports;
        if (previous is not null && previous._slice.AddressType == slice.AddressType &&
            previous._slice.Ports.AsSpan().SequenceEqual(slice.Ports.AsSpan()))
        {
            ports = previous._ports;
            head = CommonLength(old, now, fromEnd: false);
            tail = CommonLength(old[head..], now[head..], fromEnd: true);
            if (head == old.Length && head == now.Length)
            {
                return new SliceClaims(service, slice, ports, previous.Claims);
            }
        }
        else
        {
            ports = PortsOf(slice.Ports.AsImmutableArray());
        }

        var next = new TopologyEndpoint?[now.Length];
        if (previous is not null)
        {
            previous.Claims.AsSpan(0, head).CopyTo(next);
            previous.Claims.AsSpan(old.Length - tail).CopyTo(next.AsSpan(now.Length - tail));
            previous.Withdraw(head, old.Length - tail);
        }

        for (var i = head; i < now.Length - tail; i++)
        {
            if (ClaimOf(slice.Metadata.Name, slice.AddressType, now[i], ports) is { } claim)
            {
                next[i] = claim;
                service.Claims.Add(claim);
            }
        }

        return new SliceClaims(service, slice, ports, next);
    }

    // The same object is not looked at: the decoder hands out again what did not change, and it may be far away in memory.
    private static int CommonLength(ReadOnlySpan<Endpoint> x, ReadOnlySpan<Endpoint> y, bool fromEnd)
    {
        var most = Math.Min(x.Length, y.Length);
        for (var length = 0; length < most; length++)
        {
            var (one, other) = fromEnd ? (x[^(length + 1)], y[^(length + 1)]) : (x[length], y[length]);
            if (!ReferenceEquals(one, other) && !one.Equals(other))
            {
                return length;
            }
        }

        return most;
    }
}
