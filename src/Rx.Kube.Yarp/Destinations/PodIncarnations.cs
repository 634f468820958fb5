using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Rx.Kube;

/// <summary>
/// A destination whose pod is another gets a state of its own: YARP keeps health, and the failures that it counts, by the id, which
/// names the member. Without this, a restarted pod would be unhealthy because its predecessor was.
/// </summary>
internal sealed class PodIncarnations(IClusterDestinationsUpdater updater) : IClusterChangeListener
{
    private readonly ConditionalWeakTable<DestinationState, string> _uids = [];

    public void OnClusterAdded(ClusterState cluster) => OnClusterChanged(cluster);

    public void OnClusterChanged(ClusterState cluster)
    {
        var isChanged = false;
        foreach (var (id, destination) in cluster.Destinations)
        {
            if (DestinationMetadata.Get(destination, DestinationMetadata.Uid) is not { } uid)
            {
                continue;
            }

            if (_uids.TryGetValue(destination, out var before) && before != uid)
            {
                var fresh = new DestinationState(id, destination.Model);
                cluster.Destinations[id] = fresh;
                _uids.AddOrUpdate(fresh, uid);
                isChanged = true;
            }
            else if (before is null)
            {
                _uids.AddOrUpdate(destination, uid);
            }
        }

        if (isChanged)
        {
            updater.UpdateAllDestinations(cluster);
        }
    }

    public void OnClusterRemoved(ClusterState cluster)
    {
    }
}
