using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Maps the keys of marble diagrams to snapshots: s is syncing; a digit is the number of members.</summary>
internal static class MarbleSnapshots
{
    public static ServiceTopology Of(char key)
    {
        var slice = Enumerable.Range(0, key == 's' ? 0 : key - '0').Aggregate(
            Slice.Of("cache-abc", service: "cache"), (s, i) => s.With($"cache-{i}", $"10.0.0.{i}"));
        WatchEvent<EndpointSlice> next = key == 's'
            ? new WatchEvent<EndpointSlice>.Interrupted(new(InterruptionKind.Unreachable, "", default, default, default))
            : WatchEvents.Listed("1", slice);
        return Observable.Return(next).ToTopology(new ServiceName("default", "cache")).Wait();
    }

    public static char KeyOf(ServiceTopology topology) => topology.Freshness.IsSynced ? (char)('0' + topology.Members.Count) : 's';
}
