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
        using var kube = KubeConnection.Default();            // in a pod: the pod's cluster; else KUBECONFIG, else ~/.kube/config

        IObservable<ServiceTopology> cache =
            kube.EndpointSlices("prod", service: "cache")     // what to watch; nothing is sent yet
                .Resume()                                     // list, watch, resume and relist; never completes
                .ToTopology();                                // fold into immutable snapshots

        using var subscription = cache
            .WhereSynced()                                    // skips "not known yet", which is not "no members"
            .DistinctUntilMembersChanged()                    // joins and leaves, not addresses or readiness
            .Subscribe(t => Console.WriteLine($"{t.Freshness}: {t.Members}"));
        // </readme>
        await untilDone;
    }
}
