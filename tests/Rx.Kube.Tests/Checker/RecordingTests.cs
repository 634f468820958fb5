using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Checker;

/// <summary>What a client received under a schedule of faults is recorded, and is the same when the recording is played.</summary>
public sealed class RecordingTests
{
    private const int Schedules = 1_500;

    [Fact]
    public void A_recording_played_gives_the_events_and_snapshots_that_it_was_recorded_from() =>
        AllCores.ForEach(Enumerable.Range(0, Schedules), seed =>
        {
            var schedule = ScheduleGenerator.Of(seed);
            foreach (var (client, bytes) in Recorded(schedule))
            {
                var recording = Recording.Read(new MemoryStream(bytes));
                Assert.Empty(recording.Warnings);
                var clock = new VirtualClock(recording.Header.Started);
                var seen = new List<(long At, WatchEvent<EndpointSlice> Event)>();
                var snapshots = new List<(long At, ClusterTopology Snapshot)>();
                recording.ToObservable<EndpointSlice>(clock).Do(e => seen.Add((clock.Clock, e))).ToClusterTopology()
                    .Subscribe(s => snapshots.Add((clock.Clock, s)), _ => { });
                clock.Start();

                Same(seed, client.Events.Select(e => Comparable(e.Event)), seen.Select(e => Comparable(e.Event)));
                Same(
                    seed, client.Snapshots.Select(s => Text(s.Snapshot)),
                    snapshots.Take(client.Snapshots.Count).Select(s => Text(s.Snapshot)));
                Same(seed, client.Snapshots.Select(s => s.Snapshot), snapshots.Take(client.Snapshots.Count).Select(s => s.Snapshot));
                if (client.Events is [var (first, _), ..])
                {
                    // The trace has whole milliseconds.
                    Assert.All(client.Events.Zip(seen), pair => Assert.InRange(
                        pair.First.At - first - ((pair.Second.At - seen[0].At) / VirtualTime.TicksPerFrame), -1, 1));
                }
            }
        });

    [Fact]
    public void A_client_of_a_recording_sees_its_states_in_their_order_and_ends_with_the_last_one() =>
        AllCores.ForEach(Enumerable.Range(0, Schedules), seed =>
        {
            foreach (var (client, bytes) in Recorded(ScheduleGenerator.Of(seed)))
            {
                if (!client.Snapshots.Exists(s => s.Snapshot.Freshness.IsSynced))
                {
                    continue;
                }

                var recording = Recording.Read(new MemoryStream(bytes));
                var clock = new VirtualClock();
                var seen = new List<ClusterTopology>();
                using var watching = recording.ToWatchable<EndpointSlice>(clock)
                    .Resume(ResumeOptions.WithoutJitter with { RefusalBackoff = new() { Max = TimeSpan.FromSeconds(5) } }, clock)
                    .ToClusterTopology().Where(s => s.Freshness.IsSynced)
                    .Subscribe(seen.Add, _ => { });
                clock.AdvanceBy((recording.Duration + TimeSpan.FromMinutes(2)).Ticks);

                var expected = Contents(client.Snapshots.Where(s => s.Snapshot.Freshness.IsSynced).Select(s => s.Snapshot));
                var actual = Contents(seen);
                var at = 0;
                foreach (var content in actual)
                {
                    at = expected.IndexOf(content, at);
                    Assert.True(
                        at >= 0,
                        $"seed {seed}: {content} was not recorded, or before; recorded:\n{string.Join('\n', expected)}\n"
                        + $"seen:\n{string.Join('\n', actual)}\n{Encoding.UTF8.GetString(bytes)}");
                }

                Assert.True(
                    expected[^1] == actual.LastOrDefault(),
                    $"seed {seed} ends with\n{actual.LastOrDefault()}\nand not with\n{expected[^1]}\n{Encoding.UTF8.GetString(bytes)}");
            }
        });

    private static List<string> Contents(IEnumerable<ClusterTopology> snapshots) =>
        [.. snapshots.Select(s => string.Join("; ", s.Services.Select(Content)))
            .Aggregate(new List<string>(), (all, next) => all is [.., var last] && last == next ? all : [.. all, next])];

    private static string Content(ServiceTopology service) =>
        $"{service.Service}: {string.Join(", ", service.Endpoints.Select(e => $"{e.Member} {e.Address} {e.Ready} {e.Uid}"))}";

    private static List<(ClientTrace Client, byte[] Bytes)> Recorded(Schedule schedule)
    {
        var files = new List<MemoryStream>();
        IScheduler? clock = null;
        var trace = Player.Play(schedule, new CheckedClient("recorded")
        {
            Source = (source, scheduler) =>
            {
                clock = scheduler;
                return source;
            },
            Stream = stream => stream.RecordTo(
                () =>
                {
                    files.Add(new MemoryStream());
                    return files[^1];
                },
                scheduler: clock),
        });
        return [.. trace.Clients.Zip(files, (client, file) => (client, file.ToArray()))];
    }

    // The selection is not recorded, and of an exception only its message.
    private static WatchEvent<EndpointSlice> Comparable(WatchEvent<EndpointSlice> next) => next switch
    {
        WatchEvent<EndpointSlice>.Listed e => e with { Selection = null },
        WatchEvent<EndpointSlice>.Interrupted e => e with { Selection = null, Interruption = e.Interruption with { Error = null } },
        _ => next,
    };

    private static string Text(ClusterTopology s) => $"{s.Version} {s.Freshness} {s.Freshness.Cause} {s}";

    private static void Same<T>(int seed, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        var (one, other) = (expected.ToList(), actual.ToList());
        var at = one.Zip(other).TakeWhile(pair => EqualityComparer<T>.Default.Equals(pair.First, pair.Second)).Count();
        Assert.True(
            at == one.Count && at == other.Count,
            $"seed {seed}: {one.Count} and {other.Count}, different from {at}:\n"
            + $"{one.ElementAtOrDefault(at)}\n{other.ElementAtOrDefault(at)}");
    }
}
