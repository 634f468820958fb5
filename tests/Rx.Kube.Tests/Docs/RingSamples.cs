using System.Reactive.Linq;

namespace Rx.Kube.Tests.Docs;

/// <summary>The C# about rings in the README and in <c>docs/hashing.md</c>, compiled.</summary>
internal static class RingSamples
{
    public static string? Readme(
        IObservable<ServiceTopology> cache, Action<RangeChange<RingMember>> fetch, Action<RangeChange<RingMember>> drop)
    {
        HashRing<RingMember>? current = null;

        // <readme-ring>
        IObservable<HashRing<RingMember>> rings = cache
            .HoldDepartures(TimeSpan.FromMinutes(2))                       // a restarting pod keeps its place
            .ToHashRing()                                                  // emits only when the ring changes
            .ShareLatest(onError: Console.Error.WriteLine);                // one watch for both subscribers; onError gets unhandled errors

        using var routing = rings.Subscribe(ring => Volatile.Write(ref current, ring));
        RingMember? owner = null;
        Volatile.Read(ref current)?.TryGetOwner("user-42", out owner);     // nanoseconds, on any thread

        using var holding = rings.WithReplicas(3).Ownership("cache-0").Subscribe(change =>
        {
            foreach (var range in change.Gained) fetch(range);             // from one of range.Before
            foreach (var range in change.Lost) drop(range);
        });
        // </readme-ring>
        return owner?.Name;
    }

    public static void Hashing()
    {
        // <hashing>
        var ring = HashRing.Create(["cache-0", "cache-1", "cache-2"]);
        if (ring.TryGetOwner("user-42", out var owner))                    // the same in every process; allocates nothing
            Console.WriteLine($"{owner} owns user-42");

        var next = ring.With("cache-3");                                   // a new ring; the original does not change
        var diff = next.DiffFrom(ring);                                    // a hypothetical change: nothing has moved yet
        Console.WriteLine($"{diff.MovedFraction:P1} of all keys move, {diff.NeedlessFraction:P1} needlessly");
        foreach (var move in diff.Moves.Take(2))                           // each range that moves, with both members
            Console.WriteLine($"{move.Range}: {move.From} -> {move.To}");

        var replicated = new ReplicatedRing<string>(next, replicationFactor: 2);
        Console.WriteLine(string.Join(", ", replicated.ReplicasOf("user-42").Members));
        // </hashing>
    }
}
