using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Rx.Kube.Tests.Checker;

/// <summary>Schedules from seeds against the client as it ships.</summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    /// <summary>If set to a number, only the schedule of that seed is played.</summary>
    private const string SeedVariable = "RXKUBE_TEST_SEED";

    /// <summary>How many schedules are played.</summary>
    private const string SchedulesVariable = "RXKUBE_CHECKER_SCHEDULES";

    [Fact]
    public void Every_property_holds_under_every_schedule()
    {
        var watch = Stopwatch.StartNew();
        var failures = new List<string>();
        var kinds = new Dictionary<string, int>();
        var one = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed);
        var count = int.TryParse(Environment.GetEnvironmentVariable(SchedulesVariable), CultureInfo.InvariantCulture, out var n) ? n : 25_000;
        Parallel.ForEach(one ? [seed] : Enumerable.Range(0, count), s =>
        {
            var schedule = ScheduleGenerator.Of(s);
            var violations = Properties.Check(Player.Play(schedule));
            if (violations.Count == 0)
            {
                return;
            }

            lock (failures)
            {
                foreach (var property in violations.Select(v => v.Property).Distinct())
                {
                    kinds[property] = kinds.GetValueOrDefault(property) + 1;
                    if (kinds[property] <= 3)
                    {
                        var small = Shrinker.Shrink(schedule, c => Properties.Check(Player.Play(c)).Exists(v => v.Property == property));
                        var trace = Player.Play(small);
                        var violation = Properties.Check(trace).First(v => v.Property == property);
                        failures.Add($"seed {s}: {small}\n{violation}\n{trace.Story(violation.Client)}\n");
                    }
                }
            }
        });
        output.WriteLine($"{count} schedules: {watch.ElapsedMilliseconds} ms");
        Assert.True(failures.Count == 0, string.Join('\n', kinds.Select(k => $"{k.Key}: {k.Value}")) + "\n\n" + string.Join('\n', failures));
    }
}
