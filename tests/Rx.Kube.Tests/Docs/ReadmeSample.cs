// The C# of the README, compiled.
// <readme>
using Rx.Kube;

// </readme>
namespace ApplicationOfAUser;

internal static class ReadmeSample
{
    public static async Task RunAsync(Task untilDone)
    {
        // <readme>
        using var kube = KubeConnection.Default();            // in a pod: its own cluster; else KUBECONFIG, else ~/.kube/config

        IObservable<ServiceTopology> cache =
            kube.EndpointSlices("prod", service: "cache")     // what to watch; nothing is sent yet
                .Resume()                                     // list, watch, resume and relist, for ever
                .ToTopology();                                // fold into immutable snapshots

        using var subscription = cache
            .WhereSynced()                                     // "not known yet" is not "nobody is there"
            .DistinctUntilMembersChanged()                                // joins and leaves; not addresses, not readiness
            .Subscribe(t => Console.WriteLine($"{t.Freshness}: {t.Members}"));
        // </readme>
        await untilDone;
    }
}
