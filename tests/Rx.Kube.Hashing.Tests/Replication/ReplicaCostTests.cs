using System.Diagnostics;
using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Replication;

/// <summary>Zones cost a constant factor, whatever the number of members.</summary>
public sealed class ReplicaCostTests
{
    private const int Members = 3000;

    public static TheoryData<string> EveryAlgorithm => [.. AllAlgorithms];

    [Fact]
    public void The_choice_looks_at_each_member_at_most_once_and_stops_with_the_last_replica()
    {
        foreach (var zones in new[] { 1, 3, 700, Members })
        {
            var table = MemberTable<Node>.Of(Nodes(Members, zones), new(node => node.Name, null, node => node.Zone));
            foreach (var (wanted, most) in new[] { (1, 1), (3, 700), (Members, Members) })
            {
                var preference = new Counting();
                Assert.Equal(wanted, ReplicaChoice.Choose(table, ref preference, new Node[wanted]));
                Assert.InRange(preference.Calls, wanted, most);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void Asking_about_every_member_costs_about_the_same_with_zones_as_without(string algorithm)
    {
        var plain = Cost(RingOf(algorithm, Nodes(Members), zones: false));
        Func<int, string>[] shapes = [i => $"{i % 3}", i => $"{i}", i => $"{(i % 2 == 0 ? 0 : i)}", i => $"{(i < 3 ? i : 0)}"];
        foreach (var (shape, zoneOf) in shapes.Index())
        {
            var sites = Enumerable.Range(0, Members).Select(i => new Node($"site-{i}", Zone: zoneOf(i)));
            var zoned = Cost(RingOf(algorithm, sites));

            // It is 1 to 2 times. When each replica is compared with all earlier ones, it is hundreds of times.
            Assert.True(zoned < 25 * plain, $"shape {shape}: {zoned.TotalMicroseconds} µs, {plain.TotalMicroseconds} µs without zones");
        }
    }

    [Fact]
    public void A_hot_key_under_bounded_load_costs_about_the_same_with_zones_as_without()
    {
        var plain = CostOfHotKey(RingOf("HashRing", Nodes(2000), zones: false));
        foreach (var zones in new[] { 3, 2000 })
        {
            // It is 1 to 2 times. When each replica is compared with all earlier ones, it is more than twenty.
            var zoned = CostOfHotKey(RingOf("HashRing", Nodes(2000, zones)));
            Assert.True(zoned < 8 * plain, $"{zones} zones: {zoned.TotalMicroseconds} µs, {plain.TotalMicroseconds} µs without zones");
        }
    }

    // As many requests for one key as there are members, so that most members that the key prefers are at their bound.
    private static TimeSpan CostOfHotKey(IRing<Node> ring)
    {
        var loads = new BoundedLoad<Node>(ring);
        for (var i = 0; i < ring.Members.Length; i++)
        {
            Assert.True(loads.TryAcquire("user-42", out _));
        }

        return Enumerable.Range(0, 7).Min(run =>
        {
            var start = Stopwatch.GetTimestamp();
            Assert.True(loads.TryAcquire("user-42", out _));
            return Stopwatch.GetElapsedTime(start);
        });
    }

    // The minimum ignores whatever else the machine does.
    private static TimeSpan Cost(IRing<Node> ring) => Enumerable.Range(0, 7).Min(run =>
    {
        var start = Stopwatch.GetTimestamp();
        Assert.False(ring.TryGetOwner("user-42", _ => false, out _));
        return Stopwatch.GetElapsedTime(start);
    });

    /// <summary>All slots in order.</summary>
    private struct Counting : IPreference
    {
        public int Calls { get; private set; }

        public int Next() => Calls++;
    }
}
