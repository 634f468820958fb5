using System.Net.Sockets;
using System.Security.Authentication;

namespace Rx.Kube;

/// <summary>Turns the exceptions of HttpClient into one message with the server, the cause and how to fix it.</summary>
internal static class TransportErrors
{
    /// <summary>Creates the error for an exception of a request; the caller has ruled out its own cancellation.</summary>
    public static KubeTransportException Describe(Uri server, string source, Uri? proxy, Exception exception)
    {
        if (Find<UntrustedCertificateException>(exception) is { } untrusted)
        {
            return new KubeTransportException(untrusted.Message, isUntrusted: true, exception);
        }

        if (Find<PeerException>(exception) is { } refused)
        {
            return new KubeTransportException(refused.Message, innerException: exception);
        }

        var via = proxy is null ? "" : $" through the proxy {proxy.Host}:{proxy.Port}";
        var (what, fix) = Explain(server, source, proxy, exception);
        return new KubeTransportException(
            $"{server.Authority}{via} {what}. To fix: {fix}.", isUntrusted: IsRefusedCertificate(exception), exception);
    }

    /// <summary>Creates the error for an answer whose headers did not arrive in time.</summary>
    public static KubeTransportException TimedOut(Uri server, TimeSpan timeout) => new(
        $"{server.Authority} did not answer within {timeout.TotalSeconds:0.#} s. "
        + "To fix: check whether the API server is overloaded or a firewall drops the connection, "
        + "or raise ResponseTimeout (--request-timeout).");

    private static (string What, string Fix) Explain(Uri server, string source, Uri? proxy, Exception exception)
    {
        var socket = Find<SocketException>(exception);

        // With a proxy, only the proxy is connected to: what a name or a port lacks is the proxy's.
        var whose = proxy is null ? "the server's" : "the proxy's";
        switch (ErrorOf(exception))
        {
            case HttpRequestError.NameResolutionError:
                return ($"cannot be reached: DNS does not know the name {Printable.Of((proxy ?? server).IdnHost)}",
                    $"correct {whose} address ({source}), or connect to the network or VPN that knows it");
            case HttpRequestError.ProxyTunnelError:
                return ("cannot be reached: the proxy refused the connection", $"check the proxy's address and login ({source})");
            case HttpRequestError.SecureConnectionError:
                return ("does not complete the TLS handshake: " + Reason(exception),
                    $"check that it is an https server and which client certificates it accepts ({source})");
            case HttpRequestError.ConfigurationLimitExceeded:
                return ("sent headers that are too long: " + Reason(exception),
                    $"check that an API server listens there, and a proxy in front of it ({source}), or raise {nameof(ConnectionLimits)}."
                    + $"{nameof(ConnectionLimits.MaxHeaderBytes)} (of your own HttpClient, MaxResponseHeadersLength)");
            case HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError:
                return ("broke the connection before it answered: " + Reason(exception),
                    $"check that an API server listens there ({source})");
        }

        return socket?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused when proxy is not null => ("cannot be reached: no proxy listens there",
                $"start the proxy, or correct its address ({source})"),
            SocketError.ConnectionRefused => ("refuses connections: no server listens there",
                $"start the API server, or correct its address ({source})"),
            SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable => (
                "cannot be reached: " + Reason(exception),
                $"check the network, VPN and firewall, and the address ({source})"),
            _ when Find<TimeoutException>(exception) is not null => ("did not accept the connection in time",
                $"check the network, VPN and firewall, and the address ({source}); "
                + "your own HttpClient needs Timeout = Timeout.InfiniteTimeSpan"),
            _ => ("cannot be reached: " + Reason(exception), $"check that the API server runs and the address is right ({source})"),
        };
    }

    // An application's own HttpClient refuses a certificate with the plain exception of .NET.
    private static bool IsRefusedCertificate(Exception exception) =>
        Find<AuthenticationException>(exception) is { InnerException: null } refused
        && refused.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase);

    // Over HTTP/2, the one that is known may be an inner exception.
    private static HttpRequestError ErrorOf(Exception? exception) => exception switch
    {
        null => HttpRequestError.Unknown,
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => error,
        _ => ErrorOf(exception.InnerException),
    };

    private static string Reason(Exception exception)
    {
        var innermost = exception;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return Printable.Of(innermost.Message).TrimEnd('.');
    }

    private static T? Find<T>(Exception exception)
        where T : Exception
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }
}
