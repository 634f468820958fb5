using System.Globalization;
using Xunit.Abstractions;

namespace Rx.Kube.Tests.Checker;

/// <summary>The checker is checked: each broken client is found by a schedule and a property.</summary>
public sealed class BrokenClientTests(ITestOutputHelper output)
{
    private const int Schedules = 3_000;

    private static readonly Schedule[] _named = NamedSchedules.Schedules;

    [Fact]
    public void Every_broken_client_is_caught()
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var known = KnownViolations();
        AllCores.ForEach(BrokenClients.All, client =>
        {
            var row = "NOT CAUGHT";
            for (var seed = -_named.Length; seed < Schedules && row == "NOT CAUGHT"; seed++)
            {
                var schedule = Schedule(seed);
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

    // Seeds below zero are the named schedules.
    private static Schedule Schedule(int seed) => seed < 0 ? _named[-1 - seed] : ScheduleGenerator.Of(seed);

    private static HashSet<(int, string)> KnownViolations()
    {
        HashSet<(int, string)> known = [];
        AllCores.ForEach(Enumerable.Range(-_named.Length, _named.Length + Schedules), seed =>
        {
            foreach (var violation in Properties.Check(Player.Play(Schedule(seed))))
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
