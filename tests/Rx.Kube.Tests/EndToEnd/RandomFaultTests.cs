using System.Diagnostics;
using System.Globalization;
using System.Reactive.Concurrency;
using Rx.Kube.Connection;
using Rx.Kube.Resources;
using Rx.Kube.Testing;
using Rx.Kube.Testing.Tests;
using Rx.Kube.Topology;
using Rx.Kube.Watching;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>Servers, changes and faults from a seed, which is the whole input of a run; a failure prints it.</summary>
public sealed class RandomFaultTests(Xunit.Abstractions.ITestOutputHelper output)
{
    /// <summary>Set to a number, only the run of that seed is made.</summary>
    private const string SeedVariable = "RXKUBE_TEST_SEED";
    private const int Runs = 200;

    private static readonly TimeSpan _faultsEnd = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _changesEnd = TimeSpan.FromSeconds(90);

    // A connection that fell silent before its first bookmark is found when its life is over: ten and a half minutes at most.
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(20);

    [Fact]
    public void Whatever_happens_snapshots_are_true_and_in_order_and_the_same_seed_is_the_same_run()
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
                var (first, second) = (Play(seed), Play(seed));
                Assert.Equal(first.Log, second.Log);
                requests += first.Requests;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed} ({SeedVariable}={seed} repeats it): {e}");
            }
        }

        output.WriteLine($"{seeds.Length} seeds twice, {requests} requests each time: {watch.ElapsedMilliseconds} ms");
    }

    private static (string Log, int Requests) Play(int seed)
    {
        var random = new Random(seed);
        var clock = Clocks.New(seed % 2 == 0 ? "VirtualClock" : "TickLater");
        using var server = new ModelServer(clock, random);
        var faults = new Faults(clock, random, _faultsEnd);
        var http = new ScriptedHttp(clock) { Answer = request => faults.OnTheWay(server.Answer(request), request) };
        for (var i = 0; i < 40; i++)
        {
            clock.ScheduleAbsolute((long)(random.NextDouble() * _changesEnd.Ticks), random.Next(5) == 0 ? (Action)server.Compact : server.Change);
        }

        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var options = new ResumeOptions { RandomSource = () => random.NextDouble, Backoff = new() { Max = TimeSpan.FromSeconds(5) } };
        var (log, threads, snapshots) = (new List<string>(), new HashSet<int>(), new List<ServiceTopology>());
        var subscription = connection.Resources(ResourceKinds.EndpointSlices, new() { Namespace = "default", Limits = new() { PageSize = 2 } })
            .Resume(options, clock).ToTopology(new("default", "cache"))
            .Subscribe(
                snapshot =>
                {
                    threads.Add(Environment.CurrentManagedThreadId);
                    log.Add($"{clock.Clock} {snapshot.Freshness} {snapshot.Version} {Run.Text(snapshot)}");
                    Check(snapshot, snapshots.LastOrDefault(), server);
                    snapshots.Add(snapshot);
                },
                error => log.Add($"{clock.Clock} {error}"));
        clock.AdvanceTo(_settled);

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        Assert.True(snapshots[^1].Freshness.IsLive, $"not live in the end:\n{string.Join('\n', log)}\n{http}");
        Assert.Equal(server.Now, Pods(snapshots[^1]));

        subscription.Dispose();
        var heard = log.Count;
        clock.Start();
        Assert.Equal((heard, _settled.Ticks), (log.Count, clock.Clock));
        Assert.All(http.Requests, r => Assert.NotNull(r.End));
        return ($"{http}\n{string.Join('\n', log)}", http.Requests.Count);
    }

    /// <summary>
    /// A snapshot is what the server had at the snapshot's version: never a part of a list, never two states mixed, whether it is live
    /// or not. And versions never go back.
    /// </summary>
    private static void Check(ServiceTopology snapshot, ServiceTopology? before, ModelServer server)
    {
        if (snapshot.Freshness.IsSynced)
        {
            Assert.Equal(server.At(snapshot.Version), Pods(snapshot));
            Assert.True(long.Parse(snapshot.Version) >= long.Parse(before is { Version: [_, ..] version } ? version : "0"), "the version went back");
        }
    }

    private static string Pods(ServiceTopology snapshot) => string.Join(' ', snapshot.Endpoints.Select(e => $"{e.Member}@{e.Address}"));
}
