using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Rx.Kube.Tests.Checker;

/// <summary>The client as it ships, under schedules from seeds, under all pairs of faults,
/// and under the schedules that have names.</summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    /// <summary>If set to a number, only the schedule of that seed is played; or as many from there as the next variable says.</summary>
    private const string SeedVariable = "RXKUBE_TEST_SEED";

    /// <summary>How many schedules are played.</summary>
    private const string SchedulesVariable = "RXKUBE_CHECKER_SCHEDULES";

    /// <summary>How many sampled triples of kinds of actions are played.</summary>
    private const string TriplesVariable = "RXKUBE_CHECKER_TRIPLES";

    private const int Schedules = 25_000;
    private const int Triples = 500;

    [Fact]
    public void Every_property_holds_under_every_schedule()
    {
        var (first, count) = (Number(SeedVariable), Number(SchedulesVariable));
        var seeds = Enumerable.Range(first ?? 0, count ?? (first is null ? Schedules : 1));
        Check(seeds.Select(s => ($"seed {s} ({SeedVariable}={s} repeats it)", (Func<Schedule>)(() => ScheduleGenerator.Of(s)))));
    }

    [Fact]
    public void Every_property_holds_where_any_two_kinds_of_actions_meet()
    {
        var schedules = ScheduleGenerator.AllPairs(1).Concat(ScheduleGenerator.AllPairs(2)).ToList();
        var all = ScheduleGenerator.Pairs(ActionTable.Kinds).ToHashSet();
        all.ExceptWith(schedules.SelectMany(s => ScheduleGenerator.Pairs([.. s.Actions.Select(a => a.Kind).Distinct()])));
        Assert.Empty(all);
        Check(schedules.Select((s, i) => ($"pairs {i}", (Func<Schedule>)(() => s))));
    }

    [Fact]
    public void Every_property_holds_where_sampled_three_kinds_of_actions_meet() =>
        Check(ScheduleGenerator.Triples(1, Number(TriplesVariable) ?? Triples)
            .Select((s, i) => ($"triple {i}", (Func<Schedule>)(() => s))));

    [Fact]
    public void Every_property_holds_under_the_schedules_that_have_names() =>
        Check(NamedSchedules.All.Select(s => (s.Key, (Func<Schedule>)(() => Schedule.Parse(s.Value)))));

    [Fact]
    public void The_same_schedule_gives_the_same_snapshots_in_both_formats()
    {
        var schedules = Enumerable.Range(0, 2_000).Select(ScheduleGenerator.Of)
            .Concat(ScheduleGenerator.AllPairs(3)).Concat(NamedSchedules.All.Values.Select(Schedule.Parse));
        AllCores.ForEach(schedules, schedule =>
        {
            var (json, protobuf) = (Play(schedule, 0), Play(schedule, 1));
            Assert.All(json.Clients.Zip(protobuf.Clients), pair =>
            {
                Assert.Equal(Seen(pair.First), Seen(pair.Second));
                Assert.DoesNotContain(pair.First.Requests, r => r.AcceptsProtobuf);
                Assert.DoesNotContain(pair.Second.Requests, r => !r.AcceptsProtobuf);
            });
        });

        static Trace Play(Schedule schedule, int format) => Player.Play(schedule with { Setup = schedule.Setup with { Format = format } });

        static IEnumerable<string> Seen(ClientTrace client) => client.Snapshots.Select(s => $"{s.At} {s.Hash}")
            .Concat(client.Requests.Concat(client.Audits).Select(r => $"{r.Start} {r.Path} {r.Status} {r.End} {r.Ending}"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace()
    {
        // Every tenth run is also disposed in its middle: then it is the start of the same run.
        AllCores.ForEach(Enumerable.Range(0, 1_000), seed =>
        {
            var schedule = ScheduleGenerator.Of(seed);
            var (first, second) = (Player.Play(schedule), Player.Play(schedule));
            Assert.Equal(first.Text(), second.Text());
            if (seed % 10 == 0)
            {
                var middle = Liveness.Horizon(schedule) / 2;
                var half = Player.Play(schedule, until: middle);
                Assert.Empty(half.Leaks);
                Assert.All(first.Clients.Zip(half.Clients), pair =>
                {
                    Assert.Equal(Heard(pair.First, middle), Heard(pair.Second, middle));
                    Assert.All(pair.Second.Requests, r => Assert.InRange(r.End!.Value, 0, middle + half.Slept));
                });
            }
        });
    }

    private static IEnumerable<string> Heard(ClientTrace client, long until) =>
        client.Events.Where(e => e.At <= until).Select(e => $"{e.At} {Trace.Describe(e.Event)}");

    private void Check(IEnumerable<(string Name, Func<Schedule> Schedule)> runs)
    {
        var watch = Stopwatch.StartNew();
        var (played, requests, failures) = (0, 0, new SortedDictionary<string, List<string>>(StringComparer.Ordinal));
        var known = new ConcurrentDictionary<string, int>();
        AllCores.ForEach(runs, run =>
        {
            var schedule = run.Schedule();
            var trace = Player.Play(schedule);
            Interlocked.Increment(ref played);
            Interlocked.Add(ref requests, trace.Clients.Sum(c => c.Requests.Count));
            var violations = Properties.Check(trace).ToLookup(v => KnownDefects.Of(schedule, v));
            foreach (var defect in violations.Select(v => v.Key).OfType<string>())
            {
                known.AddOrUpdate(defect, 1, (_, count) => count + 1);
            }

            foreach (var property in violations[null].Select(v => v.Property).Distinct())
            {
                lock (failures)
                {
                    if (!failures.TryGetValue(property, out var its))
                    {
                        failures.Add(property, its = []);
                    }

                    // One example of a property is enough to read; the others are counted.
                    its.Add(its.Count < 2 ? Explain(run.Name, schedule, property) : run.Name);
                }
            }
        });
        output.WriteLine($"{played} schedules, {requests} requests: {watch.ElapsedMilliseconds} ms");
        foreach (var (defect, count) in known.OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"known: {defect}: {count} schedules");
        }

        Assert.True(
            failures.Count == 0,
            string.Join('\n', failures.Select(
                f => $"{f.Key}: {f.Value.Count} of {played} schedules\n{string.Join('\n', f.Value.Take(2))}")));
    }

    private static string Explain(string name, Schedule schedule, string property)
    {
        Violation? Find(Schedule s) =>
            Properties.Check(Player.Play(s)).Find(v => v.Property == property && KnownDefects.Of(s, v) is null);
        var small = Shrinker.Shrink(schedule, s => Find(s) is not null, attempts: 500);
        var violation = Find(small)!;
        return $"{name}: {small}\n{violation}\n{Player.Play(small).Story(violation.Client)}\n";
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
