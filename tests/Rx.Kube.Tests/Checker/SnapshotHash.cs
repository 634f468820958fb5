using Rx.Kube.Tests.Checker.ModelServer;

namespace Rx.Kube.Tests.Checker;

/// <summary>The hash of what a snapshot shows.</summary>
internal static class SnapshotHash
{
    public static ulong Of(ClusterTopology snapshot)
    {
        ulong sum = 0;
        foreach (var service in snapshot.Services)
        {
            foreach (var endpoint in service.Endpoints)
            {
                sum += StableHash.Of(service.Service, endpoint.Member, endpoint.Uid ?? "", endpoint.Address);
            }
        }

        return sum;
    }
}
