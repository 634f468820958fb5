using System.Globalization;
using Rx.Kube.Cli.Demo;

namespace Rx.Kube.Cli.Tests.Demo;

public class DemoScenarioTests
{
    [Fact]
    public void TheSameSeed_GivesTheSameStory() => Assert.Equal(Story(7), Story(7));

    [Fact]
    public void SomethingIsSeen_WithinTwoSeconds_Always()
    {
        var steps = new DemoScenario(1).Steps().Take(2000).ToList();
        Assert.Equal(TimeSpan.Zero, steps[0].After);
        Assert.All(steps[0].Pods, p => Assert.Equal(DemoPhase.Ready, p.Phase));
        Assert.InRange(steps[1].After.TotalSeconds, 0, 2);
        Assert.All(steps.Zip(steps.Skip(1)), pair =>
        {
            Assert.InRange(pair.Second.After.TotalSeconds, 0.5, 3);
            Assert.True(!pair.First.Pods.SequenceEqual(pair.Second.Pods) || pair.First.IsOnline != pair.Second.IsOnline, "nothing happened");
        });
    }

    [Fact]
    public void EverythingHappens_WithinAMinute()
    {
        var steps = new DemoScenario(1).Steps().ToList(until: TimeSpan.FromSeconds(60));
        Assert.Contains(steps, s => !s.IsOnline);
        Assert.True(steps.Max(s => s.Pods.Length) > 5);
        foreach (var phase in Enum.GetValues<DemoPhase>())
        {
            Assert.Contains(steps, s => s.Pods.Any(p => p.Phase == phase));
        }
    }

    [Fact]
    public void AStatefulSet_HasEachOrdinalOnce_AndStaysWithinItsSize()
    {
        foreach (var step in new DemoScenario(3).Steps().Take(5000))
        {
            Assert.InRange(step.Pods.Length, 3, 8);
            Assert.Equal(step.Pods.Select(p => p.Ordinal).Distinct().Order(), step.Pods.Select(p => p.Ordinal));
            Assert.Equal(step.Pods.Length, step.Pods.Select(p => p.Incarnation).Distinct().Count());
        }
    }

    private static List<string> Story(int seed) => [.. new DemoScenario(seed).Steps().Take(500).Select(s =>
        string.Create(CultureInfo.InvariantCulture, $"{s.After} {s.IsOnline} {string.Join(' ', s.Pods)}"))];
}

file static class StepExtensions
{
    public static List<DemoStep> ToList(this IEnumerable<DemoStep> steps, TimeSpan until)
    {
        var now = TimeSpan.Zero;
        return [.. steps.TakeWhile(s => (now += s.After) < until)];
    }
}
