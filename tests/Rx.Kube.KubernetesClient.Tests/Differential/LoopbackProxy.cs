using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>A CONNECT proxy on a free loopback port that counts its tunnels.</summary>
internal sealed class LoopbackProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _tunnels;

    private readonly string? _login;

    /// <summary>Starts the proxy.</summary>
    /// <param name="login">The login that it asks for, among other kinds of logins; it then closes the connection. Null for none.</param>
    public LoopbackProxy(string? login = null)
    {
        _login = login;
        _listener.Start();
        Url = new Uri($"http://{_listener.LocalEndpoint}");
        _ = AcceptAsync();
    }

    public Uri Url { get; }

    public int Tunnels => Volatile.Read(ref _tunnels);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = TunnelAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = await HeadAsync(stream);
                if (_login is not null && !head.Contains(
                    $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(_login))}\r\n", StringComparison.Ordinal))
                {
                    await stream.WriteAsync(
                        "HTTP/1.1 407 Login\r\nProxy-Authenticate: Negotiate, NTLM, Basic realm=\"x\"\r\nConnection: close\r\n\r\n"u8
                            .ToArray());
                    return;
                }

                var target = head.Split(' ')[1].Split(':');
                using var server = new TcpClient();
                await server.ConnectAsync(target[0], int.Parse(target[1], System.Globalization.CultureInfo.InvariantCulture));
                Interlocked.Increment(ref _tunnels);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
                await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // One side hung up.
            }
        }
    }

    private static async Task<string> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) > 0)
        {
            head.Append((char)buffer[0]);
        }

        return head.ToString();
    }
}
