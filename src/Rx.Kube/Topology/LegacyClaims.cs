using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>One Endpoints object as the fold keeps it. Immutable.</summary>
internal sealed class LegacyClaims : ObjectClaims
{
    private readonly LegacyEndpoints _object;

    private LegacyClaims(ServiceState service, LegacyEndpoints @object, TopologyEndpoint?[] claims)
        : base(service, claims) => _object = @object;

    public override DateTimeOffset? LastChangeTriggerTime => _object.Metadata.LastChangeTriggerTime;

    public override bool IsTruncated => _object.IsTruncated;

    /// <summary>Takes the next state of an object and moves its claims: those that did not change stay, as the same objects.</summary>
    /// <param name="before">The object before; null if it is new.</param>
    /// <param name="endpoints">The object now.</param>
    /// <param name="service">Its Service; the same as before.</param>
    public static ObjectClaims Replace(ObjectClaims? before, LegacyEndpoints endpoints, ServiceState service)
    {
        var previous = (LegacyClaims?)before;
        var old = previous is null ? [] : previous.Claims;
        TopologyEndpoint?[] now = [.. ClaimsOf(endpoints)];
        var head = old.AsSpan().CommonPrefixLength(now);
        var tail = 0;
        while (tail < Math.Min(old.Length, now.Length) - head && Equals(old[^(tail + 1)], now[^(tail + 1)]))
        {
            tail++;
        }

        old.AsSpan(0, head).CopyTo(now);
        old.AsSpan(old.Length - tail).CopyTo(now.AsSpan(now.Length - tail));
        previous?.Withdraw(head, old.Length - tail);
        foreach (var claim in now.AsSpan(head, now.Length - tail - head))
        {
            if (claim is not null)
            {
                service.Claims.Add(claim);
            }
        }

        return new LegacyClaims(service, endpoints, now);
    }

    private static IEnumerable<TopologyEndpoint?> ClaimsOf(LegacyEndpoints endpoints)
    {
        foreach (var subset in endpoints.Subsets)
        {
            var ports = PortsOf(subset.Ports.AsImmutableArray());
            foreach (var address in subset.Addresses)
            {
                yield return ClaimOf(endpoints, address, isReady: true, ports);
            }

            foreach (var address in subset.NotReadyAddresses)
            {
                yield return ClaimOf(endpoints, address, isReady: false, ports);
            }
        }
    }

    // A pod that is terminating is in no subset, unless the Service publishes it as ready; so one that is not ready does not serve either.
    private static TopologyEndpoint? ClaimOf(LegacyEndpoints endpoints, EndpointAddress address, bool isReady, ImmutableArray<EndpointPort> ports) =>
        ClaimOf(
            endpoints.Metadata.Name,
            address.Ip.Contains(':') ? "IPv6" : "IPv4",
            new Endpoint
            {
                Addresses = [address.Ip],
                Ready = isReady,
                Serving = isReady,
                Hostname = address.Hostname,
                NodeName = address.NodeName,
                TargetRef = address.TargetRef,
            },
            ports);
}
