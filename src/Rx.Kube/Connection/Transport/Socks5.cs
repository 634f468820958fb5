using System.Net;
using System.Text;

namespace Rx.Kube;

/// <summary>Asks a SOCKS5 proxy for a connection. The proxy resolves names. Source: RFC 1928 and RFC 1929.</summary>
internal static class Socks5
{
    private const byte Version = 5;

    /// <summary>Asks for the connection.</summary>
    /// <returns>Why the proxy refused; null when it did not.</returns>
    /// <exception cref="IOException">The connection to the proxy broke.</exception>
    public static async Task<string?> ConnectAsync(
        Stream stream, DnsEndPoint server, NetworkCredential? login, CancellationToken cancellationToken)
    {
        byte[] methods = login is null ? [0] : [0, 2];
        await SendAsync([Version, (byte)methods.Length, .. methods]).ConfigureAwait(false);
        switch (await ReceiveAsync(2).ConfigureAwait(false))
        {
            case [Version, 0]:
                break;
            case [Version, 2] when login is not null:
                await SendAsync([1, .. Text(login.UserName), .. Text(login.Password)]).ConfigureAwait(false);
                if (await ReceiveAsync(2).ConfigureAwait(false) is not [_, 0])
                {
                    return "it does not accept the login of its address";
                }

                break;
            case [Version, 0xff] or [Version, 2]:
                return login is null ? "it asks for a login" : "it accepts no login by name and password";
            default:
                return "its answer is not SOCKS5";
        }

        byte[] port = [(byte)(server.Port >> 8), (byte)server.Port];
        await SendAsync([Version, 1, 0, .. Address(server.Host), .. port]).ConfigureAwait(false);
        var answer = await ReceiveAsync(5).ConfigureAwait(false);
        if (answer is not [Version, 0, ..])
        {
            return answer[0] == Version ? Reason(answer[1]) : "its answer is not SOCKS5";
        }

        // The rest of the proxy's own address, which may be a name; its first byte is read already.
        await ReceiveAsync((answer[3] switch { 1 => 4, 4 => 16, _ => answer[4] + 1 }) + 2 - 1).ConfigureAwait(false);
        return null;

        async Task SendAsync(byte[] bytes)
        {
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        async Task<byte[]> ReceiveAsync(int count)
        {
            var bytes = new byte[count];
            await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
    }

    private static byte[] Address(string host) =>
        !IPAddress.TryParse(host, out var ip) ? [3, .. Text(host)]
        : ip.GetAddressBytes() is { Length: 4 } four ? [1, .. four]
        : [4, .. ip.GetAddressBytes()];

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= 255
            ? [(byte)bytes.Length, .. bytes]
            : throw new IOException("SOCKS5 has no room for a name or a password of more than 255 bytes");
    }

    private static string Reason(byte code) => code switch
    {
        2 => "its rules do not allow it",
        3 => "it cannot reach the network of the server",
        4 => "it cannot reach the server",
        5 => "the server refuses connections",
        6 => "the server did not answer it in time",
        _ => $"its error is {code}",
    };
}
