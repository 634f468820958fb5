using System.Diagnostics;
using System.Globalization;
using System.Reactive.Concurrency;
using Rx.Kube.Testing;
using Rx.Kube.Testing.Tests;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>Servers, changes and faults from a seed, which is the only input of a run; a failure prints it.</summary>
public sealed class RandomFaultTests(Xunit.Abstractions.ITestOutputHelper output)
{
    /// <summary>If set to a number, only the run of that seed is made.</summary>
    private const string SeedVariable = "RXKUBE_TEST_SEED";
    private const int Runs = 200;

    private static readonly TimeSpan _faultsEnd = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _changesEnd = TimeSpan.FromSeconds(90);

    // A connection that falls silent before its first bookmark is found at the end of its life: after ten and a half minutes at most.
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(20);

    [Fact]
    public void Under_any_faults_snapshots_are_true_and_in_order_and_a_seed_repeats_its_run()
    {
        var watch = Stopwatch.StartNew();
        var requests = 0;
        int[] seeds = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var one)
            ? [one]
            : [.. Enumerable.Range(0, Runs)];
        foreach (var seed in seeds)
        {
            try
            {
                var (first, second) = (Play(seed, _settled), Play(seed, _settled));
                Assert.Equal(first.Log, second.Log);
                Assert.Equal(first.Http, second.Http);
                requests += first.Requests;

                // A run that is disposed in the middle is the start of the same run.
                var middle = new Random(seed).NextDouble() * _changesEnd;
                Assert.Equal(first.Log.Where(l => l.Ticks <= middle.Ticks), Play(seed, middle).Log);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed} ({SeedVariable}={seed} repeats it): {e}");
            }
        }

        output.WriteLine($"{seeds.Length} seeds, {requests} requests: {watch.ElapsedMilliseconds} ms");
    }

    private static (List<(long Ticks, string Text)> Log, string Http, int Requests) Play(int seed, TimeSpan until)
    {
        var random = new Random(seed);
        var clock = Clocks.New(Clocks.Names[seed % 2]);
        using var server = new ModelServer(clock, random);
        var faults = new Faults(clock, random, _faultsEnd);
        var http = new ScriptedHttp(clock) { Answer = request => faults.OnTheWay(server.Answer(request), request) };
        for (var i = 0; i < 40; i++)
        {
            var due = (long)(random.NextDouble() * _changesEnd.Ticks);
            clock.ScheduleAbsolute(due, random.Next(5) == 0 ? (Action)server.Compact : server.Change);
        }

        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var options = new ResumeOptions
        {
            Random = RandomSource.Seeded(seed),
            Backoff = new() { Max = TimeSpan.FromSeconds(5) },
            StreamingLists = false,
            AuditInterval = null,
        };
        var (log, threads, snapshots) = (new List<(long, string)>(), new HashSet<int>(), new List<ServiceTopology>());
        var subscription = connection
            .Resources(ResourceKinds.EndpointSlices, new() { Namespace = "default", Limits = new() { PageSize = 2 } })
            .Resume(options, clock).ToTopology(new("default", "cache"))
            .Subscribe(
                snapshot =>
                {
                    threads.Add(Environment.CurrentManagedThreadId);
                    log.Add((clock.Clock, $"{snapshot.Version} {Run.Text(snapshot)}"));
                    Check(snapshot, snapshots.LastOrDefault(), server);
                    snapshots.Add(snapshot);
                },
                error => log.Add((clock.Clock, $"{error}")));
        clock.AdvanceTo(until);

        if (until == _settled)
        {
            Assert.Equal([Environment.CurrentManagedThreadId], threads);
            Assert.True(snapshots[^1].Freshness.IsLive, $"not live at the end:\n{string.Join('\n', log)}\n{http}");
            Assert.Equal(server.Now, Pods(snapshots[^1]));
        }

        // From here on, only the changes of the server itself are due.
        var (heard, asked) = (log.Count, http.Requests.Count);
        subscription.Dispose();
        clock.Start();
        Assert.Equal((heard, asked), (log.Count, http.Requests.Count));
        Assert.InRange(clock.Clock, 0, Math.Max(until.Ticks, _changesEnd.Ticks));
        Assert.All(http.Requests, r => Assert.InRange(r.End!.Value, 0, (long)until.TotalMilliseconds));
        Assert.All(http.Requests.Zip(http.Requests.Skip(1)), pair => Assert.True(
            pair.Second.Frame >= pair.First.End + Asked(pair.First), $"{pair.Second} is too early after {pair.First}"));
        return (log, http.ToString(), http.Requests.Count);
    }

    /// <summary>
    /// Checks that a snapshot, live or stale, equals the state of the server at the snapshot's version: never a part of a list, never a mix
    /// of two states. Versions never go back.
    /// </summary>
    private static void Check(ServiceTopology snapshot, ServiceTopology? before, ModelServer server)
    {
        if (snapshot.Freshness.IsSynced)
        {
            Assert.Equal(server.At(snapshot.Version), Pods(snapshot));
            var last = before is { Version: [_, ..] version } ? version : "0";
            Assert.True(long.Parse(snapshot.Version) >= long.Parse(last), "the version went back");
        }
    }

    /// <summary>The wait that the server asked for, in milliseconds.</summary>
    private static int Asked(ScriptedRequest request) =>
        request.Response?.Headers.TryGetValue("Retry-After", out var seconds) == true ? 1_000 * int.Parse(seconds) : 0;

    private static string Pods(ServiceTopology snapshot) => string.Join(' ', snapshot.Endpoints.Select(e => $"{e.Member}@{e.Address}"));
}
