using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>
/// The destinations that are no Services, for the resolver that was registered before, if there is one. When it fails after it has
/// succeeded, its last result stays, and it is asked again: its failure must not silence the Services.
/// </summary>
internal sealed class ForeignDestinations(IDestinationResolver? inner, ILogger log, IScheduler? scheduler = null)
{
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, DestinationConfig>> _last = new(StringComparer.Ordinal);

    public async ValueTask<ResolvedDestinationCollection> ResolveAsync(
        Dictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        if (inner is null)
        {
            return new(destinations, null);
        }

        var name = string.Join('\n', destinations.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key} {d.Value.Address}"));
        try
        {
            var resolved = await inner.ResolveDestinationsAsync(destinations, cancellationToken).ConfigureAwait(false);
            _last[name] = resolved.Destinations;
            return resolved;
        }
        catch (Exception e) when (_last.ContainsKey(name))
        {
            YarpLog.ForeignFailed(log, destinations.Count, _retry, e);
            var again = new CancellationTokenSource();
            (scheduler ?? DefaultScheduler.Instance).Schedule(_retry, again.Cancel);
            return new(_last[name], new CancellationChangeToken(again.Token));
        }
    }
}
