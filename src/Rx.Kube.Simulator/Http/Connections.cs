using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Rx.Kube.Simulator.Http;

/// <summary>All open connections, to break them.</summary>
internal sealed class Connections
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _open = new(StringComparer.Ordinal);
    private volatile bool _refusing;

    internal bool Refusing
    {
        get => _refusing;
        set
        {
            _refusing = value;
            if (value) AbortAll();
        }
    }

    internal ConnectionDelegate Track(ConnectionDelegate next) => async connection =>
    {
        _open[connection.ConnectionId] = connection;
        try
        {
            if (_refusing) Abort(connection);
            else await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _open.TryRemove(connection.ConnectionId, out _);
        }
    };

    internal void AbortAll()
    {
        foreach (var connection in _open.Values) Abort(connection);
    }

    internal void Abort(string id)
    {
        if (_open.TryGetValue(id, out var connection)) Abort(connection);
    }

    private static void Abort(ConnectionContext connection)
    {
        try
        {
            // No lingering: the client gets a reset instead of an orderly end.
            if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket) socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is already closed.
        }
        connection.Abort(new ConnectionAbortedException("The simulator broke the connection."));
    }
}
