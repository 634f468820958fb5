using Microsoft.Extensions.Logging;

namespace Rx.Kube;

/// <summary>One feed for each topology that a destination names, however many clusters do.</summary>
internal sealed class DestinationFeeds(KubeTopologies topologies, KubeDestinationOptions options, ILogger log) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DestinationFeed> _feeds = new(StringComparer.Ordinal);

    public KubeTopologies Topologies => topologies;

    public DestinationFeed Of(IKubeTopology topology)
    {
        lock (_gate)
        {
            return _feeds.TryGetValue(topology.Name, out var feed) ? feed : _feeds[topology.Name] = new(topology, options, log);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var feed in _feeds.Values)
            {
                feed.Dispose();
            }
        }
    }
}
