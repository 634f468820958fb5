using System.Net;
using System.Net.Sockets;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>
/// Finds free loopback ports below the range of ports for outgoing connections, so that no other process takes the port of
/// a server while it is down.
/// </summary>
public static class LoopbackPorts
{
    private static readonly HashSet<int> _taken = [];

    public static int Free()
    {
        lock (_taken)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(15000, 32000);
                if (!_taken.Contains(port) && IsFree(port))
                {
                    _taken.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException("No free loopback port between 15000 and 32000.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
