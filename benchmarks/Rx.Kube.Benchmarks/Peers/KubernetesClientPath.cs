using k8s;
using k8s.Models;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>
/// The official client, with the loop of docs/from-kubernetesclient.md: its typed watch, and, if it folds, a dictionary of the slices
/// whose ready addresses are collected after each event.
/// </summary>
internal sealed class KubernetesClientPath(SliceWorkload workload, bool folds)
    : WholePathContestant(folds ? "KubernetesClient + dictionary" : "KubernetesClient", workload)
{
    private const string Selector = "kubernetes.io/service-name=" + SliceWorkload.Service;
    private readonly Dictionary<string, V1EndpointSlice> _slices = [];
    private readonly CancellationTokenSource _end = new();
    private Kubernetes? _client;
    private Task _loop = Task.CompletedTask;
    private long _seen;

    /// <summary>Gets the ready addresses.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    protected override long Seen => Volatile.Read(ref _seen);

    public override void Dispose()
    {
        _end.Cancel();
        _client?.Dispose();
        base.Dispose();
        _end.Dispose();
    }

    protected override void Check()
    {
        if (_loop.IsCompleted)
        {
            throw new InvalidOperationException("The loop ended.", _loop.Exception);
        }
    }

    protected override void Open()
    {
        _client = new Kubernetes(new KubernetesClientConfiguration { Host = CannedServer.Address.ToString() }, Server);
        _loop = WatchAsync(_client);
    }

    private async Task WatchAsync(Kubernetes client)
    {
        var list = await client.DiscoveryV1.ListNamespacedEndpointSliceAsync(
            SliceWorkload.Namespace, labelSelector: Selector, cancellationToken: _end.Token);
        foreach (var slice in list.Items)
        {
            _slices[slice.Metadata.Name] = slice;
        }

        var watch = client.DiscoveryV1.WatchListNamespacedEndpointSliceAsync(
            SliceWorkload.Namespace, labelSelector: Selector, resourceVersion: list.Metadata.ResourceVersion,
            cancellationToken: _end.Token);
        await foreach (var (type, slice) in watch)
        {
            if (folds)
            {
                Fold(type, slice);
            }

            _seen++;
        }
    }

    private void Fold(WatchEventType type, V1EndpointSlice slice)
    {
        if (type == WatchEventType.Deleted)
        {
            _slices.Remove(slice.Metadata.Name);
        }
        else
        {
            _slices[slice.Metadata.Name] = slice;
        }

        var addresses = new List<string>(Addresses.Count);
        foreach (var one in _slices.Values)
        {
            foreach (var endpoint in one.Endpoints)
            {
                if (endpoint.Conditions?.Ready ?? true)
                {
                    addresses.AddRange(endpoint.Addresses);
                }
            }
        }

        Addresses = addresses;
    }
}
