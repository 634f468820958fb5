using System.Globalization;
using Xunit.Abstractions;

namespace Rx.Kube.Tests.Checker;

/// <summary>The checker is checked: each broken client is found by a schedule and a property.</summary>
public sealed class BrokenClientTests(ITestOutputHelper output)
{
    private const int Schedules = 3_000;

    [Fact]
    public void Every_broken_client_is_caught()
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var known = KnownViolations();
        Parallel.ForEach(BrokenClients.All, client =>
        {
            var row = "NOT CAUGHT";
            for (var seed = 0; seed < Schedules && row == "NOT CAUGHT"; seed++)
            {
                var schedule = ScheduleGenerator.Of(seed);
                var violation = Properties.Check(Player.Play(schedule, client)).Find(v => !known.Contains((seed, v.Property)));
                if (violation is not null)
                {
                    var small = Shrinker.Shrink(
                        schedule,
                        s => Properties.Check(Player.Play(s, client)).Exists(v => v.Property == violation.Property)
                            && !Properties.Check(Player.Play(s)).Exists(v => v.Property == violation.Property),
                        attempts: 150);
                    row = $"{violation.Property}: seed {seed.ToString(CultureInfo.InvariantCulture)}: {small}";
                }
            }

            lock (rows)
            {
                rows[client.Name] = row;
            }
        });
        foreach (var (name, row) in rows)
        {
            output.WriteLine($"{name} -> {row}");
        }

        Assert.True(rows.Count >= 25);
        Assert.Equal([], rows.Where(r => r.Value == "NOT CAUGHT").Select(r => r.Key));
    }

    private static HashSet<(int, string)> KnownViolations()
    {
        HashSet<(int, string)> known = [];
        Parallel.For(0, Schedules, seed =>
        {
            foreach (var violation in Properties.Check(Player.Play(ScheduleGenerator.Of(seed))))
            {
                lock (known)
                {
                    known.Add((seed, violation.Property));
                }
            }
        });
        return known;
    }
}
