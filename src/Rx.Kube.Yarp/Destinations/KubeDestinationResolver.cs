using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>
/// Makes one destination of each member of a Service; other destinations pass through. After the start, it never waits and never throws:
/// an exception of a reload would silence YARP's updates for five minutes.
/// </summary>
internal sealed class KubeDestinationResolver(DestinationFeeds feeds, ForeignDestinations foreign) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var others = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        var services = new List<(string Id, DestinationConfig Config, ServiceAddress Address, DestinationFeed Feed)>();
        foreach (var (id, config) in destinations)
        {
            if (ServiceAddress.Of(config.Address, feeds.Topologies) is { } address)
            {
                services.Add((id, config, address, feeds.Of(address.Topology)));
            }
            else
            {
                others.Add(id, config);
            }
        }

        var tokens = new List<IChangeToken>();
        var result = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        if (others.Count > 0)
        {
            var resolved = await foreign.ResolveAsync(others, cancellationToken).ConfigureAwait(false);
            AddTo(tokens, resolved.ChangeToken);
            foreach (var (id, config) in resolved.Destinations)
            {
                result[id] = config;
            }
        }

        await Task.WhenAll(services.Select(service => service.Feed.FirstAsync())).ConfigureAwait(false);
        foreach (var (id, config, address, feed) in services)
        {
            AddTo(tokens, Resolve(id, config, address, feed, result));
        }

        return new(result, tokens is [] or [_] ? tokens.SingleOrDefault() : new CompositeChangeToken(tokens));
    }

    private static void AddTo(List<IChangeToken> tokens, IChangeToken? token)
    {
        if (token is not null)
        {
            tokens.Add(token);
        }
    }

    private IChangeToken Resolve(
        string id, DestinationConfig configured, ServiceAddress address, DestinationFeed feed, Dictionary<string, DestinationConfig> result)
    {
        var (members, changed) = feed.Current;
        var probe = ServiceAddress.Of(configured.Health, feeds.Topologies);
        var health = probe?.Topology == address.Topology ? probe : null;
        var (leftOut, cause) = (0, "");
        foreach (var member in members)
        {
            var (destination, fault) = Destination(configured, address, health, member);
            if (destination is null)
            {
                leftOut++;
                cause = cause.Length == 0 ? fault : cause;
            }
            else
            {
                result.TryAdd($"{id}/{member.Member}", destination);
            }
        }

        if (leftOut > 0)
        {
            feed.Report(address, leftOut, cause);
        }

        return changed;
    }

    // The first endpoint that has the port: a member may have an address of each family, and a port may be missing at some of them.
    private static (DestinationConfig?, string Fault) Destination(
        DestinationConfig configured, ServiceAddress address, ServiceAddress? health, MemberEndpoints member)
    {
        var fault = "";
        foreach (var endpoint in member.Endpoints)
        {
            try
            {
                return (configured with
                {
                    Address = address.Of(endpoint),
                    Health = health?.Of(endpoint) ?? configured.Health,
                    Host = configured.Host ?? address.Host,
                    Metadata = DestinationMetadata.Of(configured, address.Topology, member, endpoint),
                }, "");
            }
            catch (Exception e) when (e is InvalidOperationException or UriFormatException)
            {
                fault = fault.Length == 0 ? e.Message : fault;
            }
        }

        return (null, fault);
    }
}
