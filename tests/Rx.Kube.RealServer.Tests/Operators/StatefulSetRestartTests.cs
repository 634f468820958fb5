using System.Collections.Concurrent;
using Rx.Kube.Models;
using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.Testing;

namespace Rx.Kube.RealServer.Tests.Operators;

/// <summary>Restarts a StatefulSet of three pod by pod: the slice goes through the states that the controller gives it.</summary>
public sealed class StatefulSetRestartTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    [RealServerFact]
    public async Task Members_never_change_with_HoldDepartures_and_without_it_each_pod_leaves_and_joins()
    {
        Pod[] pods = [.. Enumerable.Range(0, 3).Select(i => new Pod($"db-{i}", $"10.0.0.{i + 1}", "first", Ready: true))];
        (await server.KubectlAsync("create --validate=false -f -", SliceJson.Manifest(SliceOf("db", pods)))).OutputOrThrow();
        using var kube = KubeConnection.FromKubeconfig(server.Kubeconfig(server.Tokens.Reader));
        var source = kube.EndpointSlices(server.Namespace, service: "db").Resume().ToTopology().WhereSynced();
        using var plain = new SnapshotRecorder(source);
        using var held = new SnapshotRecorder(source.HoldDepartures(TimeSpan.FromMinutes(1)));
        await BothAreAsync(pods);

        for (var i = pods.Length - 1; i >= 0; i--)
        {
            var (all, name) = (pods, pods[i].Name);
            await BecomesAsync(pods = [.. all.Select(p => p.Name == name ? p with { Ready = false, Terminating = true } : p)]);
            await BecomesAsync([.. all.Where(p => p.Name != name)]);
            await BecomesAsync(pods = [.. all.Select(p => p.Name == name ? new Pod(name, $"10.0.1.{i + 1}", "second", Ready: false) : p)]);
            await BecomesAsync(pods = [.. pods.Select(p => p.Name == name ? p with { Ready = true } : p)]);
        }

        Assert.Equal(
            [
                "db-0, db-1, db-2", "db-0, db-1", "db-0, db-1, db-2", "db-0, db-2", "db-0, db-1, db-2", "db-1, db-2", "db-0, db-1, db-2",
            ],
            Members(plain));
        Assert.Equal(["db-0, db-1, db-2"], Members(held));
        Assert.Equal(["10.0.1.1", "10.0.1.2", "10.0.1.3"], held.Latest.Ready.Select(e => e.Address));
        Assert.Equal(plain.Latest, held.Latest);

        // One snapshot per restarted pod holds the departed endpoint, which gets no traffic.
        Assert.Equal(3, held.All.Count(t => t.Endpoints.Any(e => e.IsHeld)));
        Assert.All(held.All, t => Assert.DoesNotContain(t.Routable, e => e.IsHeld));

        async Task BecomesAsync(Pod[] next)
        {
            (await server.KubectlAsync(
                ["patch", "endpointslice", "db", "--type=merge", "-p", SliceJson.MergePatch(SliceOf("db", next))])).OutputOrThrow();
            await BothAreAsync(next);
        }

        async Task BothAreAsync(Pod[] expected)
        {
            await plain.IsAsync(expected);
            await held.IsAsync(expected);
        }
    }

    [RealServerFact]
    public async Task A_member_that_stays_away_leaves_after_the_grace_period_without_an_event()
    {
        Pod[] pods = [new("app-0", "10.1.0.1", "first", Ready: true), new("app-1", "10.1.0.2", "first", Ready: true)];
        (await server.KubectlAsync("create --validate=false -f -", SliceJson.Manifest(SliceOf("app", pods)))).OutputOrThrow();
        using var kube = KubeConnection.FromKubeconfig(server.Kubeconfig(server.Tokens.Reader));
        using var held = new SnapshotRecorder(kube.EndpointSlices(server.Namespace, service: "app").Resume().ToTopology().WhereSynced()
            .HoldDepartures(TimeSpan.FromSeconds(1)));
        await held.IsAsync(pods);

        (await server.KubectlAsync(
            ["patch", "endpointslice", "app", "--type=merge", "-p", SliceJson.MergePatch(SliceOf("app", pods[..1]))])).OutputOrThrow();
        await held.IsAsync(t => t.Members.Count == 1, "one member");

        Assert.Equal(["app-0, app-1", "app-0"], Members(held));
        Assert.Equal(held.All[^2].Version, held.Latest.Version); // the timer emitted it, not the server
        Assert.True(held.All[^2].Endpoints.Of("app-1") is [{ IsHeld: true, Ready: false, Address: "10.1.0.2" }]);
    }

    private static IEnumerable<string> Members(SnapshotRecorder recorder)
    {
        string? last = null;
        foreach (var members in recorder.All.Select(t => t.Members.ToString()))
        {
            if (members != last)
            {
                yield return last = members;
            }
        }
    }

    // kubectl sets the namespace.
    private static EndpointSlice SliceOf(string service, Pod[] pods) => pods.Aggregate(
        Slice.Of(service, service, @namespace: "").WithPort(5432, "tcp"),
        (slice, p) => slice.With(
            p.Name, p.Address, p.Ready, p.Ready || p.Terminating, p.Terminating, hostname: p.Name, uid: $"{p.Name}-{p.Uid}"));

    private sealed record Pod(string Name, string Address, string Uid, bool Ready, bool Terminating = false);

    /// <summary>Records the snapshots of a stream and waits for the next one.</summary>
    private sealed class SnapshotRecorder : IDisposable
    {
        private readonly ConcurrentQueue<ServiceTopology> _snapshots = [];
        private readonly SemaphoreSlim _arrived = new(0);
        private readonly IDisposable _subscription;

        public SnapshotRecorder(IObservable<ServiceTopology> source) => _subscription = source.Subscribe(t =>
        {
            _snapshots.Enqueue(t);
            _arrived.Release();
        });

        public ServiceTopology[] All => [.. _snapshots];

        public ServiceTopology Latest => All[^1];

        /// <summary>Waits until the endpoints that are not held are exactly these pods.</summary>
        public Task IsAsync(Pod[] pods) => IsAsync(
            t => t.Endpoints.Where(e => !e.IsHeld).Select(e => (e.Member, e.Address, e.Ready, e.Terminating))
                .SequenceEqual(pods.Select(p => (p.Name, p.Address, p.Ready, p.Terminating))),
            string.Join(", ", pods.AsEnumerable()));

        public async Task IsAsync(Func<ServiceTopology, bool> isExpected, string what)
        {
            while (All is not [.., var last] || !isExpected(last))
            {
                Assert.True(await _arrived.WaitAsync(_limit), $"no snapshot with {what} arrived");
            }
        }

        public void Dispose() => _subscription.Dispose();
    }
}
