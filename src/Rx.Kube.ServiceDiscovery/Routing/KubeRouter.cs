using Microsoft.Extensions.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>Chooses the endpoint of an attempt.</summary>
internal sealed class KubeRouter(
    KubeRouting routing, KubeTopologies topologies, TopologyTurns turns, ServiceDiscoveryOptions options)
{
    // A client mostly asks for one host.
    private Found _last = new("", "", 0, null);

    /// <summary>Finds what the address of a request means; null for a host that is no registered topology.</summary>
    /// <exception cref="InvalidOperationException">Service discovery does not allow the scheme.</exception>
    public KubeAddress? Find(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true })
        {
            return null;
        }

        var last = Volatile.Read(ref _last);
        if (last.Host != uri.Host || last.Port != uri.Port || last.Scheme != uri.Scheme)
        {
            last = new(
                uri.Scheme, uri.Host, uri.Port, ServiceEndpointQuery.TryParse(uri.GetLeftPart(UriPartial.Authority), out var query)
                    ? KubeAddress.Of(query, topologies, options)
                    : null);
            Volatile.Write(ref _last, last);
        }

        return last.Address;
    }

    /// <summary>Chooses the address of the next attempt.</summary>
    /// <returns>The address, and how many there are.</returns>
    /// <exception cref="HttpRequestException">There is none.</exception>
    /// <exception cref="InvalidOperationException">No endpoint has the port.</exception>
    public async ValueTask<(Uri Address, int Of)> NextAsync(
        KubeAddress address, HttpRequestMessage request, RequestAttempts attempts, CancellationToken cancellationToken)
    {
        var key = routing.KeyOf(request);
        var snapshot = await NoEndpoint.OrSnapshotAsync(address.Topology, cancellationToken).ConfigureAwait(false);
        return string.IsNullOrEmpty(key)
            ? NextInTurn(address, snapshot, attempts)
            : NextReplica(
                address, snapshot, await NoEndpoint.OrRingAsync(address.Topology, cancellationToken).ConfigureAwait(false), KeyHash.Of(key),
                attempts);
    }

    private (Uri Address, int Of) NextInTurn(KubeAddress address, ServiceTopology snapshot, RequestAttempts attempts)
    {
        var ofTopology = turns.Of(address.Topology);
        var order = ofTopology.In(snapshot);
        InvalidOperationException? noPort = null;
        for (var skipped = 0; skipped < order.Count; skipped++)
        {
            try
            {
                return (address.UriOf(attempts.NextIn(order, ofTopology.Turns)), order.Count);
            }
            catch (InvalidOperationException e)
            {
                noPort = e;
            }
        }

        throw noPort ?? (Exception)NoEndpoint.In(snapshot);
    }

    private (Uri Address, int Of) NextReplica(
        KubeAddress address, ServiceTopology snapshot, RingView ring, KeyHash key, RequestAttempts attempts)
    {
        var replicas = new RingMember[Math.Min(routing.ReplicaCount ?? ring.Replicas.ReplicationFactor, ring.Ring.Members.Length)];
        var found = ring.Ring.GetReplicas(key, replicas);
        InvalidOperationException? noPort = null;
        var ready = new List<Uri>(found);
        var leaving = new List<Uri>();
        foreach (var replica in replicas.AsSpan(0, found))
        {
            var endpoints = snapshot.EndpointsOf(replica.Name);
            if (UriOf(endpoints, endpoint => endpoint is { Ready: true, Terminating: false }) is { } usable)
            {
                ready.Add(usable);
            }
            else if (UriOf(endpoints, endpoint => endpoint is { Serving: true, Terminating: true }) is { } last)
            {
                leaving.Add(last);
            }
        }

        // A member that leaves is asked only when no other one can be.
        var usables = ready.Count > 0 ? ready : leaving;
        return usables.Count > 0
            ? (usables[attempts.Next() % usables.Count], usables.Count)
            : throw noPort ?? (Exception)NoEndpoint.For(replicas.AsSpan(0, found), snapshot);

        // Of several endpoints of a member, such as one for each address family: the first that has the port.
        Uri? UriOf(EquatableArray<TopologyEndpoint> endpoints, Func<TopologyEndpoint, bool> isUsable)
        {
            foreach (var endpoint in endpoints)
            {
                try
                {
                    if (isUsable(endpoint))
                    {
                        return address.UriOf(endpoint);
                    }
                }
                catch (InvalidOperationException e)
                {
                    noPort = e;
                }
            }

            return null;
        }
    }

    private sealed record Found(string Scheme, string Host, int Port, KubeAddress? Address);
}
