using System.Security.Cryptography.X509Certificates;
using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Grpc.Tests.Support;

/// <summary>
/// An API server, and the pods of the Service <c>cache</c> in the namespace <c>prod</c>, on loopback addresses that no other test uses.
/// </summary>
internal sealed class PodCluster : IAsyncDisposable
{
    public const int Port = 5095;

    private static int _clusters;

    private readonly int _number = Interlocked.Increment(ref _clusters);
    private readonly List<Pod> _pods = [];
    private readonly X509Certificate2? _certificate;
    private int _addresses;

    private PodCluster(ApiServerSimulator server, X509Certificate2? certificate) => (Server, _certificate) = (server, certificate);

    public ApiServerSimulator Server { get; }

    /// <summary>Gets the slice as it was published last.</summary>
    public EndpointSlice Slice { get; private set; } = Testing.Slice.Of("cache-abc", "cache", @namespace: "prod");

    public static async Task<PodCluster> StartAsync(int pods, X509Certificate2? certificate = null, SimulatorOptions? options = null)
    {
        var cluster = new PodCluster(await ApiServerSimulator.StartAsync(options), certificate);

        // Nothing listens at the first port.
        cluster.Slice = cluster.Slice.WithPort(7, "admin").WithPort(Port, "grpc");
        var all = cluster.Slice;
        for (var i = 0; i < pods; i++)
        {
            var pod = await cluster.StartPodAsync($"cache-{i}");
            all = all.With(pod.Name, pod.Address);
        }

        cluster.Publish(all);
        return cluster;
    }

    /// <summary>Gets the pod that was started last under a name.</summary>
    public Pod this[string name]
    {
        get
        {
            lock (_pods)
            {
                return _pods.Last(pod => pod.Name == name);
            }
        }
    }

    /// <summary>Starts a pod, by default at an address that none had before; it is not published yet.</summary>
    public async Task<Pod> StartPodAsync(string name, string? address = null)
    {
        var pod = await Pod.StartAsync(name, address ?? NextAddress(), Port, _certificate);
        lock (_pods)
        {
            _pods.Add(pod);
        }

        return pod;
    }

    /// <summary>Gets an address where nothing listens.</summary>
    public string NextAddress() => $"127.{20 + (Environment.ProcessId % 200)}.{_number}.{Interlocked.Increment(ref _addresses)}";

    public void Publish(EndpointSlice slice)
    {
        Slice = slice;
        Server.Cluster.Apply(slice.Manifest());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods)
        {
            await pod.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}
