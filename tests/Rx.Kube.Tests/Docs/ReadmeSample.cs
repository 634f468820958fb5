// The C# of the README, compiled. ReadmeProgramTests pastes the pieces together and runs them.
// <readme>
using System.Reactive.Linq;
using Rx.Kube;

// </readme>
namespace ApplicationOfAUser;

internal static class ReadmeSample
{
    public static async Task RunAsync()
    {
        // <readme>
        var end = new TaskCompletionSource();
        Console.CancelKeyPress += (_, key) => { key.Cancel = true; end.TrySetResult(); };
        void Fail(Exception error) { Console.Error.WriteLine(error.Message); Environment.Exit(1); }

        using var kube = KubeConnection.Default(new()         // KUBECONFIG, else ~/.kube/config, else the pod
        {
            OnNotice = n => Console.Error.WriteLine(n.Message),   // which of them, and what a login plugin asks the user to do
        });

        IObservable<ServiceTopology> cache =
            kube.EndpointSlices("prod", service: "cache")     // what to watch; nothing is sent yet
                .Resume()                                     // list, watch, resume and relist; never completes
                .ToTopology()                                 // fold into immutable snapshots
                .ShareLatest(onError: Fail);                  // one watch for all subscribers below

        using var members = cache
            .WhereSynced()                                    // skips "not known yet", which is not "no members"
            .DistinctUntilChanged()                           // changes of endpoints, and of freshness: live or stale
            .Subscribe(t => Console.WriteLine($"{t.Freshness}, {t.Presence}: {t.Members}"), Fail);

        await cache.FirstSyncedAsync(TimeSpan.FromSeconds(30), kube);  // if there is no list, it throws the last cause
        // </readme>
        // <readme-ring>
        using var ring = cache
            .HoldDepartures(TimeSpan.FromMinutes(2))                   // a restarting pod keeps its place
            .ToRingView()                                              // emits only when the ring changes
            .WithReplicas(3)
            .Ownership("cache-0")                                      // each ring, and what this process gains and loses with it
            .Do(change =>
            {
                foreach (var (member, ranges) in change.GainedFrom)
                    Console.WriteLine($"fetch {string.Join(", ", ranges)} from {member.Name}");
                foreach (var lost in change.Lost)
                    Console.WriteLine($"drop {lost.Range}");             // two other members have it
            })
            .Select(change => change.Ring)
            .ToCurrentValue(Fail);                                     // the newest ring, for every thread

        if (ring.Required.TryGetOwner("user-42", out var owner))       // nanoseconds; false while there are no members
            Console.WriteLine($"user-42 belongs to {owner.Name}");
        // </readme-ring>
        // <readme-end>
        await end.Task;                                                // until Ctrl+C
        // </readme-end>
    }
}
