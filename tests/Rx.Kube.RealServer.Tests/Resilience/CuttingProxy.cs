using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>
/// A TCP proxy on loopback in front of one server. TLS passes through it. It can do what load balancers and networks do to connections:
/// cut, kill, half-close, stall, delay, refuse and drop packets.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProxiedConnection, byte> _connections = new();
    private readonly ConcurrentQueue<long> _breaks = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _tasks = [];
    private readonly int _serverPort;
    private readonly Lock _lock = new();
    private TcpListener _listener;
    private volatile TaskCompletionSource? _stalled;
    private int _accepted;

    private CuttingProxy(int serverPort, int port)
    {
        (_serverPort, Port) = (serverPort, port);
        _listener = Listen();
    }

    public int Port { get; }

    /// <summary>Gets the address of the server behind this proxy.</summary>
    public Uri Url => new($"https://127.0.0.1:{Port}");

    /// <summary>Gets how many sockets of clients are open.</summary>
    public int OpenSockets => _connections.Count;

    /// <summary>Gets how many connections were ever accepted.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Gets when connections were cut, killed or half-closed, as timestamps of <see cref="Stopwatch"/>.</summary>
    public IReadOnlyCollection<long> Breaks => _breaks;

    /// <summary>Gets or sets how long each chunk is held back, in both directions.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Gets or sets the size of the kernel's buffer for what the server has sent; null for the kernel's choice.</summary>
    public int? ReceiveBuffer { get; set; }

    /// <summary>Starts a proxy.</summary>
    /// <param name="server">The server on loopback.</param>
    public static CuttingProxy Start(Uri server) => new(server.Port, Server.LoopbackPorts.Free());

    /// <summary>Closes every connection in both directions (FIN).</summary>
    /// <returns>How many connections were closed.</returns>
    public int Cut() => Break(c => c.Close());

    /// <summary>Resets every connection in both directions (RST).</summary>
    /// <returns>How many connections were reset.</returns>
    public int Kill() => Break(c => c.Reset());

    /// <summary>Closes the direction to the client of every connection; what the client sends still reaches the server.</summary>
    /// <returns>How many connections were half-closed.</returns>
    public int HalfClose() => Break(c => c.HalfClose());

    /// <summary>Holds back everything on all connections, or lets it go on. The connections stay open.</summary>
    public void Stall(bool stalled)
    {
        lock (_lock)
        {
            if (stalled)
            {
                _stalled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else
            {
                _stalled?.TrySetResult();
                _stalled = null;
            }
        }
    }

    /// <summary>Refuses new connections, or accepts them again.</summary>
    public void Refuse(bool refused)
    {
        lock (_lock)
        {
            _listener.Stop();
            if (!refused)
            {
                _listener = Listen();
            }
        }
    }

    /// <summary>
    /// Becomes a black hole for the connections that are open: nothing is forwarded, and the kernel drops the packets of the clients before
    /// TCP sees them, so that not even a probe is acknowledged. Linux only. Before that, everything sent to clients must be acknowledged:
    /// otherwise the kernel sends it again and again, and a client that hears something does not probe.
    /// </summary>
    public async Task DropPacketsAsync()
    {
        Stall(true);
        await Task.Delay(TimeSpan.FromSeconds(1)); // a delayed acknowledgement takes up to 200 ms
        foreach (var connection in _connections.Keys)
        {
            connection.DropPackets();
        }
    }

    /// <summary>Cuts all connections again and again, with FIN and RST in turn; first after half an interval.</summary>
    /// <param name="interval">The time between two cuts.</param>
    /// <param name="cancellationToken">Ends the cuts.</param>
    public async Task CutEveryAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(interval / 2, cancellationToken);
            using var timer = new PeriodicTimer(interval);
            for (var number = 0; ; number++)
            {
                _ = number % 2 == 0 ? Cut() : Kill();
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the cuts.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _end.Cancel();
        Stall(false);
        lock (_lock)
        {
            _listener.Stop();
        }

        Break(c => c.Reset());
        Task[] tasks;
        lock (_lock)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks);
        _end.Dispose();
    }

    private int Break(Action<ProxiedConnection> how)
    {
        var connections = _connections.Keys;
        if (connections.Count > 0)
        {
            _breaks.Enqueue(Stopwatch.GetTimestamp());
        }

        foreach (var connection in connections)
        {
            how(connection);
        }

        return connections.Count;
    }

    private TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        Add(AcceptAsync(listener));
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(_end.Token);
                Interlocked.Increment(ref _accepted);
                Add(ServeAsync(client));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException
            or InvalidOperationException)
        {
            // It refuses connections now, or is disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await Task.Yield();
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (ReceiveBuffer is { } size)
        {
            server.ReceiveBufferSize = size;
        }

        var connection = new ProxiedConnection(client, server);
        _connections[connection] = 0;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, _end.Token);
            await connection.PumpAsync(HoldAsync);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            connection.Reset(); // the server is down: so is the proxy, for this client
        }
        finally
        {
            connection.Close();
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task HoldAsync()
    {
        if (Delay > TimeSpan.Zero)
        {
            await Task.Delay(Delay);
        }

        while (_stalled is { } stalled)
        {
            await stalled.Task;
        }
    }

    private void Add(Task task)
    {
        lock (_lock)
        {
            _tasks.RemoveAll(t => t.IsCompleted);
            _tasks.Add(task);
        }
    }
}
