using Rx.Kube.Benchmarks.WholePath;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.Benchmarks.Transport;

/// <summary>Rx.Kube over its own connection: a snapshot of the Service for each event.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="server">The server.</param>
/// <param name="listener">The port.</param>
/// <param name="delay">The milliseconds between two events; zero for the line rate.</param>
/// <param name="windowBytes">The first window of an HTTP/2 stream; null for the default of Rx.Kube.</param>
internal sealed class RxKubeSocketPath(
    string name, TransportServerProcess server, Listener listener, int delay, int? windowBytes = null)
    : SocketPath(name, server, delay)
{
    private KubeConnection? _connection;
    private IDisposable? _subscription;
    private string? _version;

    public override void Dispose()
    {
        _subscription?.Dispose();
        _connection?.Dispose();
        base.Dispose();
    }

    protected override long AmountOf(IReadOnlyCollection<ReadOnlyMemory<byte>> events) => events.Count;

    protected override void Open()
    {
        var address = Server.AddressOf(listener, Watch);
        var options = new KubeConnectionOptions
        {
            Environment = KubeEnvironment.OfProcess with
            {
                Network = handler =>
                {
                    Set(handler, windowBytes);
                    return handler;
                },
            },
        };
        if (listener.IsTls)
        {
            var config = Server.FileFor(Watch);
            File.WriteAllText(config, Kubectl.Config(address, Server.CaFile, "token", SliceWorkload.Namespace));
            _connection = KubeConnection.FromKubeconfig(config, options: options);
        }
        else
        {
            _connection = KubeConnection.To(address, options);
        }

        _subscription = _connection.EndpointSlices(SliceWorkload.Namespace, service: SliceWorkload.Service).Resume().ToTopology()
            .Subscribe(
                snapshot =>
                {
                    if (snapshot.Freshness.Cause is { } cause)
                    {
                        Fail(new InvalidOperationException($"The watch failed: {cause}"));
                    }

                    // A version that was there before is the list, or news about the connection.
                    if (_version != (_version = snapshot.Version) && _version != Server.Workload.ListVersion)
                    {
                        See(1);
                    }
                },
                Fail);
    }
}
