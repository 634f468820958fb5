using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Operators;

/// <summary>What holds at whatever times values come. A failure prints its seed, which is the whole input.</summary>
public class SettleProperties
{
    [Fact]
    public void Values_come_as_defined_and_none_is_lost_or_late() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var quiet = random.Next(0, 6);
        var atMost = quiet + random.Next(0, 12);
        var inputs = new List<(long At, int Value)>();
        for (long at = random.Next(3); inputs.Count < 60; at += random.Next(5) == 0 ? random.Next(12) : random.Next(3))
        {
            inputs.Add((at, inputs.Count));
        }

        var end = inputs[^1].At + random.Next(15);
        var clock = new VirtualClock();
        var source = clock.CreateColdObservable(
            [.. inputs.Select(i => Timed.OnNext(Ticks(i.At), i.Value)), Timed.OnCompleted<int>(Ticks(end))]);
        var seen = new List<(long At, int Value)>();
        source.Settle(TimeSpan.FromTicks(Ticks(quiet)), TimeSpan.FromTicks(Ticks(atMost)), clock)
            .Subscribe(v => seen.Add((clock.Frame(), v)));
        clock.Start();

        Assert.Equal(Defined(inputs, quiet, atMost, end), seen);
        Assert.All(inputs, i => Assert.Contains(seen, s => s.At >= i.At && s.At <= i.At + atMost && s.Value >= i.Value));
        Assert.Equal(inputs[^1].Value, seen[^1].Value);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>Checks in every frame, after its values, whether a value is due.</summary>
    private static List<(long At, int Value)> Defined(List<(long At, int Value)> inputs, int quiet, int atMost, long end)
    {
        var seen = new List<(long, int)>();
        var given = 0;
        for (long now = 0; now <= end; now++)
        {
            var waiting = inputs.Skip(given).Where(i => i.At <= now).ToList();
            if (waiting.Count > 0 && (now >= waiting[^1].At + quiet || now >= waiting[0].At + atMost || now == end))
            {
                seen.Add((now, waiting[^1].Value));
                given += waiting.Count;
            }
        }

        return seen;
    }

    private static long Ticks(long ms) => ms * VirtualTime.TicksPerFrame;
}
