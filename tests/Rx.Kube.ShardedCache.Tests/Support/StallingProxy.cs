using System.Net;
using System.Net.Sockets;

namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>
/// Stands between one process and the API server, and can hold back what the server sends: the process then hears of changes late.
/// </summary>
public sealed class StallingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _server;
    private volatile TaskCompletionSource _flow = new();

    public StallingProxy(Uri server)
    {
        _server = server;
        _flow.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public void Stall() => _flow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _flow.TrySetResult();

    public void Dispose()
    {
        _stop.Cancel();
        Resume();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server.Host, _server.Port);
            var (near, far) = (client.GetStream(), server.GetStream());
            await Task.WhenAny(CopyAsync(near, far, isHeld: false), CopyAsync(far, near, isHeld: true));
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool isHeld)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            await (isHeld ? _flow.Task : Task.CompletedTask);
            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
