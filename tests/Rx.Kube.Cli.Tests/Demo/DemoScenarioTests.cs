using System.Globalization;
using Rx.Kube.Cli.Demo;

namespace Rx.Kube.Cli.Tests.Demo;

public class DemoScenarioTests
{
    [Fact]
    public void Equal_seeds_give_equal_scenarios() => Assert.Equal(Scenario(7), Scenario(7));

    [Fact]
    public void Every_step_is_a_visible_change_within_three_seconds()
    {
        var steps = new DemoScenario(1).Steps().Take(2000).ToList();
        Assert.Equal(TimeSpan.Zero, steps[0].After);
        Assert.All(steps[0].Pods, p => Assert.Equal(DemoPhase.Ready, p.Phase));
        Assert.InRange(steps[1].After.TotalSeconds, 0, 2);
        Assert.All(steps.Zip(steps.Skip(1)), pair =>
        {
            Assert.InRange(pair.Second.After.TotalSeconds, 0.5, 3);
            Assert.True(
                !pair.First.Pods.SequenceEqual(pair.Second.Pods) || pair.First.IsOnline != pair.Second.IsOnline,
                "the step changes nothing");
        });
    }

    [Fact]
    public void All_kinds_of_changes_happen_within_a_minute()
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
    public void The_stateful_set_has_each_ordinal_once_and_keeps_its_size()
    {
        foreach (var step in new DemoScenario(3).Steps().Take(5000))
        {
            Assert.InRange(step.Pods.Length, 3, 8);
            Assert.Equal(step.Pods.Select(p => p.Ordinal).Distinct().Order(), step.Pods.Select(p => p.Ordinal));
            Assert.Equal(step.Pods.Length, step.Pods.Select(p => p.Incarnation).Distinct().Count());
        }
    }

    private static List<string> Scenario(int seed) => [.. new DemoScenario(seed).Steps().Take(500).Select(s =>
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
