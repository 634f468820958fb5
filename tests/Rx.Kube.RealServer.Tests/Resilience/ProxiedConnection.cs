using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>One connection of a client through a proxy, and the connection to the server behind it.</summary>
internal sealed class ProxiedConnection(Socket client, Socket server)
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26; // linux/socket.h: SO_ATTACH_FILTER

    public async Task PumpAsync(Func<Task> hold)
    {
        client.NoDelay = server.NoDelay = true;
        await Task.WhenAll(PumpAsync(client, server, hold), PumpAsync(server, client, hold));
    }

    public void Close()
    {
        Shutdown(client, SocketShutdown.Both);
        Shutdown(server, SocketShutdown.Both);
        client.Dispose();
        server.Dispose();
    }

    public void Reset()
    {
        foreach (var socket in (Socket[])[client, server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0); // close sends RST
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }

            socket.Dispose();
        }
    }

    public void HalfClose() => Shutdown(client, SocketShutdown.Send);

    /// <summary>Attaches a filter that drops every packet from the client before TCP sees it (Linux, socket(7)).</summary>
    public void DropPackets()
    {
        // struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }: BPF_RET | BPF_K with 0 bytes to keep.
        // struct sock_fprog { u16 length; sock_filter* filter; }
        var filter = GCHandle.Alloc(new byte[] { 0x06, 0, 0, 0, 0, 0, 0, 0 }, GCHandleType.Pinned);
        try
        {
            var program = new byte[16];
            program[0] = 1;
            BitConverter.TryWriteBytes(program.AsSpan(8), filter.AddrOfPinnedObject());
            client.SetRawSocketOption(SocketLevel, AttachFilter, program);
        }
        finally
        {
            filter.Free();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<Task> hold)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                await hold();
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }

            await hold();
            Shutdown(to, SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            Reset(); // passed on
        }
    }

    private static void Shutdown(Socket socket, SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }
}
