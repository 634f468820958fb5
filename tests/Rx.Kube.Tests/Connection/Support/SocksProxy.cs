using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>A SOCKS5 proxy on loopback that tunnels to a port of this machine, and notes the targets that it was asked for.</summary>
/// <param name="login">The only login that is accepted, as name:password; null for none.</param>
internal sealed class SocksProxy(string? login) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public List<string> Targets { get; } = [];

    public SocksProxy Serving(int target)
    {
        _listener.Start();
        _ = AcceptAsync(target);
        return this;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync(int target)
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            _ = HandleAsync(client, target);
        }
    }

    private async Task HandleAsync(TcpClient client, int target)
    {
        using var closing = client;
        var stream = client.GetStream();
        var methods = await ReadAsync((await ReadAsync(2))[1]);
        byte method = login is null ? (byte)0 : methods.Contains((byte)2) ? (byte)2 : (byte)0xff;
        await stream.WriteAsync(new byte[] { 5, method });
        if (method == 2)
        {
            _ = await ReadAsync(1);
            var given = $"{await TextAsync()}:{await TextAsync()}";
            await stream.WriteAsync(new byte[] { 1, given == login ? (byte)0 : (byte)1 });
            if (given != login)
            {
                return;
            }
        }

        if (method == 0xff || (await ReadAsync(4)) is not [5, 1, 0, var kind])
        {
            return;
        }

        var host = kind == 3 ? await TextAsync() : new IPAddress(await ReadAsync(kind == 1 ? 4 : 16)).ToString();
        var port = await ReadAsync(2);
        Targets.Add($"{host}:{(port[0] << 8) + port[1]}");
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, target);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 3, 2, (byte)'m', (byte)'e', 0, 1 });
        await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));

        async Task<byte[]> ReadAsync(int count)
        {
            var bytes = new byte[count];
            await stream.ReadExactlyAsync(bytes);
            return bytes;
        }

        async Task<string> TextAsync() => Encoding.UTF8.GetString(await ReadAsync((await ReadAsync(1))[0]));
    }
}
