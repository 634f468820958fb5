using System.Diagnostics;
using Rx.Kube.RealServer.Tests.Server;
using Xunit.Abstractions;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>Runs alone in its process, because it counts sockets, timers and memory.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// A hundred clients behind five proxies, while slices change ten times a second and everything goes wrong. To repeat a run:
/// <c>RXKUBE_TEST_SEED=7 RXKUBE_RESILIENCE_SECONDS=600 dotnet test tests/Rx.Kube.RealServer.Tests --filter ChaosTests</c>.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ChaosTests(RealApiServer server, ITestOutputHelper output) : IClassFixture<RealApiServer>
{
    private const int Clients = 100;
    private const int Proxies = 5;
    private const int Connections = 10;
    private static readonly TimeSpan _converged = TimeSpan.FromSeconds(10);

    // After a restore, versions may pass the old ones before an audit compares: then it takes an interval, the 10 s in which a difference
    // must last, the spread of relists, and a list. A fault that comes in between ends the audit's list, and the next watch repeats it.
    private static readonly TimeSpan _restoreNoticed = TimeSpan.FromSeconds(25);
    private static readonly string[] _services = [.. Enumerable.Range(0, 10).Select(i => $"chaos-{i}")];

    private readonly ChaosFaults _faults = new(server);

    [RealServerFact(Needs = Needs.ServerControl)]
    public async Task A_hundred_clients_end_with_the_state_of_the_server_and_without_leaks_after_all_faults()
    {
        var (seed, duration) = (TestSeed.Value, LongRun.Of(30));
        var plan = ChaosPlan.Create(seed, duration, Proxies);
        using var slices = new ChangingSlices(server, _services, new Random(seed));
        await slices.StartAsync();
        var proxies = Enumerable.Range(0, Proxies).Select(_ => CuttingProxy.Start(server.Url)).ToArray();
        var unused = Footprint.Measure(proxies);
        var connections = Enumerable.Range(0, Connections)
            .Select(i => KubeConnection.FromKubeconfig(server.KubeconfigThrough(proxies[i % Proxies].Url))).ToArray();
        var clients = Enumerable.Range(0, Clients).Select(i => Subscribe(connections[i % Connections], i)).ToArray();
        try
        {
            // Warm: everything has been synced, cut and opened again once.
            await ChangeAsync(slices, 50);
            await ConvergeAsync(clients, slices);
            Array.ForEach(proxies, p => p.Cut());
            await ChangeAsync(slices, 10);
            await ConvergeAsync(clients, slices);
            var warm = await SettledAsync(proxies, atMost: null);

            using var end = new CancellationTokenSource();
            _faults.Start();
            var changes = slices.RunAsync(TimeSpan.FromMilliseconds(100), end.Token);
            var checks = CheckAsync(clients, slices, end.Token);
            await Task.WhenAll(plan.Select(f => _faults.RunAsync(f, proxies, slices)));
            end.Cancel();
            await changes;
            var snapshots = await checks;
            var took = await ConvergeAsync(clients, slices, within: _restoreNoticed);
            _faults.Log($"converged {took.TotalSeconds:0.0} s after the last fault");
            snapshots += Check(clients, slices, isFinal: true);
            Assert.All(clients, c => Assert.Equal(Continuity.First, c.Lists[0]));

            var after = await SettledAsync(proxies, atMost: warm);
            output.WriteLine(
                $"seed {seed}, {duration.TotalSeconds:0} s, {plan.Count} faults, {slices.Changes} changes, {snapshots} snapshots checked, "
                + $"{clients.Sum(c => c.Lists.Count)} lists, "
                + $"{clients.Count(c => c.Lists.Contains(Continuity.WentBack))} clients were told that the state went back, "
                + $"all equal {took.TotalSeconds:0.0} s after the last fault\nwarm:  {warm}\nafter: {after}\n{_faults.Text}");
            Assert.Equal(Clients, after.Streams);

            // A client has three or four timers, depending on what its watch waits for; a leak would be one a fault.
            Assert.True(after.Sockets <= warm.Sockets + 2, $"sockets: {warm}, then {after}");
            Assert.True(after.Timers <= warm.Timers + Clients, $"timers: {warm}, then {after}");
            Assert.True(after.Memory <= (warm.Memory * 1.25) + (4 * 1024 * 1024), $"memory: {warm}, then {after}");

            Array.ForEach(clients, c => c.Dispose());
            Array.ForEach(connections, c => c.Dispose());
            var disposed = await SettledAsync(proxies, atMost: unused);
            output.WriteLine($"unused: {unused}\ndisposed: {disposed}");
            Assert.Equal(0, disposed.Streams);
            Assert.Equal(0, disposed.Sockets);
            Assert.True(disposed.Timers <= unused.Timers + 5, $"timers: {unused}, then {disposed}");
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(
                $"To repeat: {TestSeed.Variable}={seed} {LongRun.Variable}={duration.TotalSeconds:0}\n{_faults.Text}\n{error.Message}",
                error);
        }
        finally
        {
            Array.ForEach(clients, c => c.Dispose());
            Array.ForEach(connections, c => c.Dispose());
            foreach (var proxy in proxies)
            {
                await proxy.DisposeAsync();
            }
        }
    }

    // Every fifth client watches the whole namespace, with streaming lists.
    private WatchingClient Subscribe(KubeConnection connection, int number)
    {
        var service = _services[number / Connections];
        return new(
            connection.EndpointSlices(service: number % 5 == number / Connections % 5 ? null : service),
            new ServiceName(server.Namespace, service), ChaosPlan.OptionsOf(TestSeed.Value + number));
    }

    private async Task<long> CheckAsync(WatchingClient[] clients, ChangingSlices slices, CancellationToken cancellationToken)
    {
        var snapshots = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(500, CancellationToken.None);
            snapshots += Check(clients, slices, isFinal: false);
        }

        return snapshots;
    }

    private long Check(WatchingClient[] clients, ChangingSlices slices, bool isFinal)
    {
        var snapshots = 0L;
        foreach (var client in clients)
        {
            var (wrong, number) = client.Check(slices, IsExcused, isFinal);
            snapshots += number;
            Assert.True(wrong is null, wrong);
        }

        return snapshots;
    }

    // Between a restore and the audit that finds it, new events are applied to a state that no longer exists.
    private bool IsExcused(long time) => _faults.RestoredAt is > 0 and var restored
        && time >= restored && Stopwatch.GetElapsedTime(restored, time) < _restoreNoticed;

    private static async Task ChangeAsync(ChangingSlices slices, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await slices.ChangeAsync();
        }
    }

    private static async Task<TimeSpan> ConvergeAsync(WatchingClient[] clients, ChangingSlices slices, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        foreach (var client in clients)
        {
            var left = (within ?? _converged) - clock.Elapsed;
            await client.WaitForAsync(() => slices.Present(client.Service), left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
        }

        return clock.Elapsed;
    }

    /// <summary>Measures until the counts are at most as high as before, or for 10 s: closed connections linger for a moment.</summary>
    private static async Task<Footprint> SettledAsync(CuttingProxy[] proxies, Footprint? atMost)
    {
        Footprint now;
        var clock = Stopwatch.StartNew();
        do
        {
            await Task.Delay(1000);
            now = Footprint.Measure(proxies);
        }
        while (atMost is not null && (now.Sockets > atMost.Sockets || now.Timers > atMost.Timers) && clock.Elapsed < _converged);
        return now;
    }
}
