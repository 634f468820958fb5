using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Topology;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Operators;

/// <summary>
/// The snapshots of a random history, at random times: several in a frame, or long pauses. Wholly determined by its seed.
/// </summary>
internal sealed class HistoryInTime
{
    public HistoryInTime(int seed, bool large = false, int events = 40)
    {
        Random = new Random(seed);
        long at = Random.Next(3);
        foreach (var snapshot in Fold(new ServiceName("prod", "cache"), [Interrupted(), .. new RandomHistory(seed, large, events).Events]))
        {
            Inputs.Add((at, snapshot));
            at += Random.Next(4) == 0 ? Random.Next(15) : Random.Next(3);
        }
    }

    public Random Random { get; }

    /// <summary>The snapshots of the source, each with its frame.</summary>
    public List<(long At, ServiceTopology Snapshot)> Inputs { get; } = [];

    public ServiceTopology[] Snapshots => [.. Inputs.Select(i => i.Snapshot)];

    public static void ForEvery(Action<HistoryInTime> holds)
    {
        Check(200, seed => new HistoryInTime(seed));
        Check(10, seed => new HistoryInTime(seed, large: true, events: 20));

        void Check(int times, Func<int, HistoryInTime> history) => Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => holds(history(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
    }

    /// <summary>The results of an operator, each with its frame; the source stays silent after its last snapshot.</summary>
    public List<(long At, T Value)> Through<T>(Func<IObservable<ServiceTopology>, VirtualClock, IObservable<T>> apply)
    {
        var clock = new VirtualClock();
        var source = clock.CreateColdObservable(
            [.. Inputs.Select(i => Timed.OnNext(i.At * VirtualTime.TicksPerFrame, i.Snapshot))]);
        var seen = new List<(long, T)>();
        apply(source, clock).Subscribe(v => seen.Add((clock.Frame(), v)));
        clock.Start();
        return seen;
    }

    /// <summary>Checks that the views of each snapshot agree, and that the comparison of members is correct.</summary>
    public static void AreSound(IReadOnlyList<ServiceTopology> snapshots)
    {
        Assert.All(snapshots, s =>
        {
            Assert.Equal(s.Endpoints.Select(e => e.Member).Distinct(), s.Members);
            Assert.Equal(s.Endpoints.Where(e => e.Ready), s.Ready.AsEnumerable());
            Assert.Equal(Enumerable.Range(0, s.Endpoints.Count).Select(i => s.Endpoints[i]), s.Endpoints.AsEnumerable());
        });
        foreach (var (one, next) in snapshots.Zip(snapshots.Skip(1)))
        {
            Assert.Equal(one.Members.AsEnumerable().SequenceEqual(next.Members), one.Members.Equals(next.Members));
        }
    }
}
