namespace Rx.Kube.Tests.Docs;

/// <summary>The C# about rings in <c>docs/hashing.md</c>, compiled.</summary>
internal static class RingSamples
{
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
