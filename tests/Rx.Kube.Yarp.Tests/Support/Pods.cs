using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Yarp.Tests.Support;

/// <summary>The pods of the Service <c>prod/cache</c>, and the API server that lists them: each can change without the other.</summary>
internal sealed class Pods : IAsyncDisposable
{
    private readonly List<Backend> _all = [];
    private readonly Dictionary<string, Backend> _current = new(StringComparer.Ordinal);
    private readonly int[] _ports;
    private int _addresses = 1;
    private int _uids;

    private Pods(ApiServerSimulator server, int[] ports, string[] names)
    {
        (Server, _ports) = (server, ports);
        Slice = Testing.Slice.Of("cache-abc", "cache", @namespace: "prod");
        for (var i = 0; i < ports.Length; i++)
        {
            Slice = Slice.WithPort(ports[i], names[i]);
        }
    }

    public ApiServerSimulator Server { get; }

    /// <summary>Gets or sets what <see cref="Publish"/> tells the API server.</summary>
    public EndpointSlice Slice { get; set; }

    public Backend this[string member] => _current[member];

    public IEnumerable<Backend> All => _all;

    public static Task<Pods> StartAsync(int count) => StartAsync(count, "http");

    /// <summary>Starts <c>cache-0</c>, <c>cache-1</c>, … on 127.0.0.2, 127.0.0.3, … with a port for each name.</summary>
    public static async Task<Pods> StartAsync(int count, params string[] names)
    {
        var pods = new Pods(await ApiServerSimulator.StartAsync(), [.. names.Select(_ => Backend.FreePort())], names);
        for (var i = 0; i < count; i++)
        {
            await pods.AddAsync($"cache-{i}", publish: false);
        }

        pods.Publish();
        return pods;
    }

    /// <summary>Starts a pod: a new one, or the same name again, at an address of its own or at a given one.</summary>
    public async Task<Backend> AddAsync(string member, bool publish = true, string? zone = null, string? address = null, string? uid = null)
    {
        var backend = await Backend.StartAsync(member, address ?? $"127.0.0.{++_addresses}", uid ?? $"uid-{++_uids}", _ports);
        _all.Add(backend);
        _current[member] = backend;
        Slice = Slice.With(member, backend.Address, uid: backend.Uid, zone: zone);
        if (publish)
        {
            Publish();
        }

        return backend;
    }

    public void Drain(string member)
    {
        var pod = _current[member];
        Slice = Slice.With(member, pod.Address, ready: false, serving: true, terminating: true, uid: pod.Uid);
        Publish();
    }

    public void Remove(string member)
    {
        Slice = Slice.Without(member);
        Publish();
    }

    public void Publish() => Server.Cluster.Apply(Slice.Manifest());

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _all)
        {
            await pod.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}
