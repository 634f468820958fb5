using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>Rx.Kube as an application uses it: a snapshot of the Service for each event.</summary>
internal sealed class RxKubePath(SliceWorkload workload) : WholePathContestant("Rx.Kube", workload)
{
    private HttpClient? _client;
    private KubeConnection? _connection;
    private IDisposable? _subscription;
    private Exception? _failure;
    private long _seen;

    /// <summary>Gets the newest snapshot.</summary>
    public ServiceTopology? Snapshot { get; private set; }

    protected override long Seen => _seen;

    public override void Dispose()
    {
        _subscription?.Dispose();
        _connection?.Dispose();
        _client?.Dispose();
        base.Dispose();
    }

    protected override void Check()
    {
        if (_failure is not null || Snapshot?.Freshness.Cause is not null)
        {
            throw new InvalidOperationException($"The watch failed: {Snapshot?.Freshness.Cause}", _failure);
        }
    }

    protected override void Open()
    {
        _client = new HttpClient(Server, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _connection = KubeConnection.From(_client, CannedServer.Address);
        _subscription = _connection.EndpointSlices(SliceWorkload.Namespace, service: SliceWorkload.Service).Resume().ToTopology()
            .Subscribe(
                snapshot =>
                {
                    Snapshot = snapshot;
                    _seen++;
                },
                error => _failure = error);
    }
}
