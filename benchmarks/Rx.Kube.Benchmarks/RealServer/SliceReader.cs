using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reactive.Linq;
using System.Text;
using k8s;
using k8s.Models;
using Rx.Kube.Benchmarks.Peers;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.RealServer;

/// <summary>A client that watches the slices of a real server, and notes when it has each version.</summary>
internal abstract class SliceReader : IAsyncDisposable
{
    /// <summary>Gets when each version was visible, in ns since 1970.</summary>
    public ConcurrentDictionary<string, long> Seen { get; } = new();

    /// <summary>Ends the watch. <see cref="Seen"/> is complete afterwards.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Notes that a version is visible.</summary>
    protected void See(string version) => Seen.TryAdd(version, Clock.Now);
}

/// <summary>Reads the body of the watch, and looks for the version in each line: nothing can be faster.</summary>
internal sealed class BareReader : SliceReader
{
    private readonly HttpResponseMessage _response;
    private readonly Task _reading;

    private BareReader(HttpResponseMessage response, Stream body) => (_response, _reading) = (response, ReadAsync(body));

    public static async Task<BareReader> OpenAsync(HttpClient client)
    {
        // A watch without a version begins with all that exists, which is not counted.
        var response = await client.GetAsync(
            $"apis/discovery.k8s.io/v1/namespaces/{SliceWorkload.Namespace}/endpointslices?watch=true",
            HttpCompletionOption.ResponseHeadersRead);
        return new(response.EnsureSuccessStatusCode(), await response.Content.ReadAsStreamAsync());
    }

    public override async ValueTask DisposeAsync()
    {
        _response.Dispose();
        await _reading;
    }

    private async Task ReadAsync(Stream body)
    {
        var buffer = new byte[1 << 20];
        try
        {
            for (int end = 0, read; (read = await body.ReadAsync(buffer.AsMemory(end))) > 0;)
            {
                end += read;
                var start = 0;
                for (int at; (at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) >= 0; start += at + 1)
                {
                    var line = buffer.AsSpan(start, at);
                    var version = line[(line.IndexOf("\"resourceVersion\":\""u8) + 19)..];
                    See(Encoding.ASCII.GetString(version[..version.IndexOf((byte)'"')]));
                }

                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // Disposed.
        }
    }
}

/// <summary>Rx.Kube over its own connection. A version counts when its ring, or its snapshot, is visible.</summary>
internal sealed class RxKubeReader : SliceReader
{
    private readonly KubeConnection _connection;
    private readonly IDisposable _subscription;

    public RxKubeReader(string kubeconfig, bool toRing)
    {
        _connection = KubeConnection.FromKubeconfig(kubeconfig);
        var snapshots = _connection.EndpointSlices(SliceWorkload.Namespace, service: SliceWorkload.Service).Resume().ToTopology();
        var versions = toRing ? snapshots.ToRingView().Select(view => view.Version) : snapshots.Select(s => s.Version);
        _subscription = versions.Subscribe(See, _ => { });
    }

    public override ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The official client with a dictionary of slices.</summary>
internal sealed class KubernetesClientReader : SliceReader
{
    private readonly Kubernetes _client;
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, V1EndpointSlice> _slices = [];
    private readonly Task _loop;

    public KubernetesClientReader(string kubeconfig)
    {
        _client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        _loop = WatchAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop.ContinueWith(_ => { }, TaskScheduler.Default);
        _client.Dispose();
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        await foreach (var (_, slice) in _client.DiscoveryV1.WatchListNamespacedEndpointSliceAsync(
            SliceWorkload.Namespace, cancellationToken: _end.Token))
        {
            _slices[slice.Metadata.Name] = slice;
            See(slice.Metadata.ResourceVersion);
        }
    }
}

/// <summary>The client-go informer, in a process of its own.</summary>
internal sealed class ClientGoReader(string format, Uri server, string caFile, string token) : SliceReader
{
    private readonly Process _process = ClientGo.Start(
        "latency", "--format", format, "--server", server.ToString(), "--ca", caFile, "--token", token,
        "--namespace", SliceWorkload.Namespace);

    public override async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is [var version, var at])
            {
                Seen.TryAdd(version, long.Parse(at, CultureInfo.InvariantCulture));
            }
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
