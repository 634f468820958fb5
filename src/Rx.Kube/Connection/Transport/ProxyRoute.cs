using System.Net;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// Opens streams through a proxy. The handler of .NET does not do it, because it answers the first challenge that it understands, while
/// kubectl sends the login of the address at once, as Basic.
/// </summary>
internal sealed class ProxyRoute(ConnectionTarget target, Uri proxy, KeepAliveSockets sockets, KubeConnectionOptions options)
{
    private readonly ProxyTls _tls = new(target, proxy);

    /// <summary>The login of a proxy's address.</summary>
    public static NetworkCredential? LoginOf(Uri proxy)
    {
        var login = proxy.UserInfo.Split(':', 2);
        return proxy.UserInfo.Length == 0
            ? null
            : new NetworkCredential(Uri.UnescapeDataString(login[0]), login.Length > 1 ? Uri.UnescapeDataString(login[1]) : "");
    }

    /// <summary>The value of Proxy-Authorization; null without a login.</summary>
    public static string? AuthorizationOf(Uri proxy) => LoginOf(proxy) is { } login
        ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.UserName}:{login.Password}"))
        : null;

    /// <summary>Opens a stream to the proxy itself.</summary>
    public async Task<Stream> ReachAsync(CancellationToken cancellationToken)
    {
        var stream = await sockets.ConnectAsync(new DnsEndPoint(proxy.IdnHost, proxy.Port), cancellationToken).ConfigureAwait(false);
        return proxy.Scheme == "https" ? await _tls.AuthenticateAsync(stream, cancellationToken).ConfigureAwait(false) : stream;
    }

    /// <summary>Opens a stream to a server behind the proxy.</summary>
    /// <exception cref="PeerException">The proxy refused.</exception>
    public async Task<Stream> TunnelAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        var stream = await ReachAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var refusal = proxy.Scheme == "socks5"
                ? await Socks5.ConnectAsync(stream, server, LoginOf(proxy), cancellationToken).ConfigureAwait(false)
                : await ConnectAsync(stream, server, cancellationToken).ConfigureAwait(false);
            return refusal is null ? stream : throw Refused(refusal);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw e is EndOfStreamException or IOException ? Refused("it broke the connection", e) : e;
        }
    }

    // Source: RFC 9110 section 9.3.6. Nothing follows the head of the answer, because the client speaks first.
    private async Task<string?> ConnectAsync(Stream stream, DnsEndPoint server, CancellationToken cancellationToken)
    {
        var host = server.Host.Contains(':', StringComparison.Ordinal) ? $"[{server.Host}]" : server.Host;
        var request = new StringBuilder($"CONNECT {host}:{server.Port} HTTP/1.1\r\nHost: {host}:{server.Port}\r\n");
        if (!options.UserAgent.Any(char.IsControl))
        {
            request.Append($"User-Agent: {options.UserAgent}\r\n");
        }

        if (AuthorizationOf(proxy) is { } login)
        {
            request.Append($"Proxy-Authorization: {login}\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.Append("\r\n").ToString()), cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        var head = new byte[options.Limits.MaxProxyHeadBytes];
        for (var length = 0; length < head.Length;)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += read;
            var end = head.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0 || read == 0)
            {
                return Explain(Encoding.Latin1.GetString(head, 0, end < 0 ? length : end).Split("\r\n")[0]);
            }
        }

        return $"its answer is longer than {options.Limits.MaxProxyHeadBytes} bytes, which is "
            + $"{nameof(ConnectionLimits)}.{nameof(ConnectionLimits.MaxProxyHeadBytes)}";
    }

    private string? Explain(string statusLine)
    {
        if (statusLine.Split(' ', 3) is not [['H', 'T', 'T', 'P', '/', '1', '.', _], [_, _, _] code, .. var reason])
        {
            return statusLine.Length == 0 ? "it broke the connection" : "its answer is not HTTP";
        }

        var status = Printable.Of($"{code} {string.Concat(reason)}".Trim(), 200);
        return code[0] == '2' ? null
            : code != "407" ? status
            : proxy.UserInfo.Length == 0 ? $"it asks for a login ({status})"
            : $"it does not accept the login of its address ({status})";
    }

    private PeerException Refused(string why, Exception? inner = null) => new(
        $"{target.Server.Authority} cannot be reached through the proxy {proxy.Host}:{proxy.Port}: the proxy refused the connection: "
        + $"{why}. To fix: check the proxy's address and its login, {proxy.Scheme}://USER:PASSWORD@HOST:PORT ({target.Source}).",
        inner);
}
