using System.Net;
using System.Net.Sockets;

namespace Rx.Kube;

/// <summary>
/// Opens the sockets of a connection, and lets the kernel probe them. A path that drops every
/// packet ends a socket within <see cref="DeadAfter"/>, over HTTP/1.1 too, which has no pings. A proxy that terminates TCP is what is
/// probed then, and not the server behind it.
/// </summary>
internal sealed class KeepAliveSockets(AddressRace race)
{
    private const int TcpUserTimeout = 18; // Source: linux/tcp.h, RFC 5482.
    private const int Probes = 3;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Gets how long a socket without an answer from the other end lives: 45 s.</summary>
    public static TimeSpan DeadAfter { get; } = Idle + (Probes * Interval);

    /// <summary>Connects to the first address of the endpoint that answers.</summary>
    /// <param name="endPoint">The endpoint: the server's or the proxy's.</param>
    /// <param name="cancellationToken">Ends the attempt; the handler's connect timeout cancels it too.</param>
    public async Task<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = await race.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        Probe(socket);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static void Probe(Socket socket)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Idle.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)Interval.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            if (OperatingSystem.IsLinux())
            {
                // The kernel does not probe while a request is unacknowledged; it would send that again for a quarter of an hour.
                socket.SetRawSocketOption(
                    (int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes((int)DeadAfter.TotalMilliseconds));
            }
        }
        catch (SocketException)
        {
            // A system without one of these options: the silence timeout remains.
        }
    }
}
