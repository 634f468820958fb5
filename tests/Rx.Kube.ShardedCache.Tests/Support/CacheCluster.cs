using System.Globalization;
using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>Processes of the sample, and their slice: does what StatefulSet, kubelet and the controller of slices do.</summary>
/// <param name="connection">The settings of the connection to the API server, for each name.</param>
/// <param name="namespace">The namespace of the slice.</param>
/// <param name="apply">Writes the slice, as JSON.</param>
public sealed class CacheCluster(Func<string, IEnumerable<string>> connection, string @namespace, Func<string, Task> apply) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static int _nextPort = 20_000 + (Environment.ProcessId % 10_000);

    private readonly int _port = Interlocked.Increment(ref _nextPort);
    private readonly Dictionary<string, CacheProcess> _members = [];
    private readonly List<CacheProcess> _all = [];
    private EndpointSlice _slice = Slice.Of("cache-abc", service: "cache", @namespace: @namespace);
    private int _addresses = 1;

    /// <summary>Makes a cluster whose slice is in a simulated API server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="urlOf">The address of the server for each process.</param>
    /// <param name="settings">Further settings of the processes.</param>
    public static CacheCluster On(ApiServerSimulator server, Func<string, Uri> urlOf, params string[] settings) =>
        new(name => Connection(urlOf(name), settings), "default", manifest => Task.FromResult(server.Cluster.Apply(manifest)));

    /// <summary>Makes a cluster whose slice is in a simulated API server of another process.</summary>
    /// <param name="server">The server.</param>
    /// <param name="urlOf">The address of the server for each process.</param>
    public static CacheCluster On(SimulatorProcess server, Func<string, Uri> urlOf) =>
        new(name => Connection(urlOf(name)), "default", server.ApplyAsync);

    /// <summary>Gets the processes that run, by the names of their pods.</summary>
    public IReadOnlyDictionary<string, CacheProcess> Members => _members;

    /// <summary>Gets the addresses that a client knows.</summary>
    public Uri[] Urls { get; private set; } = [];

    /// <summary>Gets the ring of the members.</summary>
    public ReplicatedRing<RingMember> Ring => new(HashRing.Create(_members.Keys.Select(name => new RingMember(name)), m => m.Name), 2);

    public string Logs => string.Join('\n', _all.Select(process => process.Log));

    /// <summary>Starts pods at the same time.</summary>
    public async Task AddAsync(params string[] names)
    {
        // A pod is in its slice as soon as it has an address; its containers start after that.
        var addresses = names.ToDictionary(name => name, _ => $"127.0.0.{Interlocked.Increment(ref _addresses)}");
        _slice = _slice.Ports.IsEmpty ? _slice.WithPort(_port, "http") : _slice;
        await UpdateAsync(names.Aggregate(_slice, (slice, name) => slice.With(name, addresses[name], ready: false)));
        foreach (var name in names)
        {
            Start(name, addresses[name]);
        }

        await Task.WhenAll(names.Select(ReadyAsync));
        await UpdateAsync(names.Aggregate(_slice, (slice, name) => slice.With(name, addresses[name])));
    }

    /// <summary>kill -9: the kubelet sees it, later the pod is deleted.</summary>
    public async Task KillAsync(string name)
    {
        var process = Remove(name);
        process.Kill();
        await Task.Delay(300);
        await UpdateAsync(_slice.With(name, process.Address, ready: false));
        await Task.Delay(700);
        await UpdateAsync(_slice.Without(name));
    }

    /// <summary>
    /// The deletion of pods: their slice says that they terminate, they receive SIGTERM, and leave the slice when they are gone.
    /// </summary>
    public async Task DrainAsync(params string[] names)
    {
        await UpdateAsync(names.Aggregate(_slice, (slice, name) =>
            slice.With(name, _members[name].Address, ready: false, serving: true, terminating: true)));
        Assert.All(await Task.WhenAll(names.Select(name => _members[name].TerminateAsync(_patience))), code => Assert.Equal(0, code));
        await UpdateAsync(names.Aggregate(_slice, (slice, name) => slice.Without(Remove(name).Name)));
    }

    /// <summary>kill -9, and the pod comes back with the same name at another address, with nothing.</summary>
    public async Task RestartAsync(string name)
    {
        var process = Remove(name);
        process.Kill();
        await Task.Delay(200);
        await UpdateAsync(_slice.With(name, process.Address, ready: false));
        await Task.Delay(300);
        await AddAsync(name);
    }

    /// <summary>Waits until all members have the same ring, and each of their ranges has two replicas.</summary>
    public async Task<Dictionary<string, CacheState>> ReplicatedAsync()
    {
        var begin = DateTime.UtcNow;
        var fingerprint = Ring.Fingerprint;
        while (true)
        {
            var states = await Task.WhenAll(_members.Values.Select(process => process.StateAsync()));
            if (states.All(state => state is { IsReplicated: true } && state.Members.ToHashSet().SetEquals(_members.Keys)))
            {
                Assert.All(states, state => Assert.Equal(
                    fingerprint, ulong.Parse(state!.Ring[(state.Ring.IndexOf('/') + 1)..], NumberStyles.HexNumber, null)));
                return states.ToDictionary(state => state!.Self!, state => state!);
            }

            Assert.True(DateTime.UtcNow - begin < _patience, $"not replicated: {string.Join('\n', states.Select(s => $"{s}"))}\n{Logs}");
            await Task.Delay(20);
        }
    }

    public void Dispose() => _all.ForEach(process => process.Dispose());

    private static IEnumerable<string> Connection(Uri url, params string[] settings) =>
        [$"--Kube:Connection:Server={url}", "--Kube:Connection:Namespace=default", .. settings];

    private void Start(string name, string address)
    {
        var process = CacheProcess.Start(name, address, _port, connection(name));
        _all.Add(process);
        _members.Add(name, process);
        Urls = [.. _members.Values.Select(member => member.Url)];
    }

    private CacheProcess Remove(string name)
    {
        _members.Remove(name, out var process);
        Urls = [.. _members.Values.Select(member => member.Url)];
        return process!;
    }

    private async Task ReadyAsync(string name)
    {
        var begin = DateTime.UtcNow;
        while (await _members[name].StateAsync() is not { IsReady: true })
        {
            Assert.True(DateTime.UtcNow - begin < _patience, $"{name} is not ready\n{Logs}");
            Assert.False(_members[name].HasExited, Logs);
            await Task.Delay(20);
        }

        Assert.Equal(200, (await _members[name].GetAsync("health/ready")).Status);
    }

    private Task UpdateAsync(EndpointSlice slice) => apply((_slice = slice).Manifest());
}
