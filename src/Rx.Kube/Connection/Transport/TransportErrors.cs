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

    /// <summary>Gets the cause of an exception of HttpClient in the words of .NET, escaped and cut, without a full stop.</summary>
    public static string Reason(Exception exception)
    {
        var cause = exception;

        // A disposed object is only what is left of a connection that was given up.
        while (cause.InnerException is { } inner and not ObjectDisposedException)
        {
            cause = inner;
        }

        var text = cause is HttpIOException io ? OutsideException.WithoutError(io.Message, io.HttpRequestError) : cause.Message;
        return Printable.Of(text).TrimEnd('.');
    }

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
            case HttpRequestError.Unknown when IsHeaderLimit(exception):
                return ("sent headers that are too long: " + Reason(exception),
                    $"check that an API server listens there, and a proxy in front of it ({source}), or raise {nameof(ConnectionLimits)}."
                    + $"{nameof(ConnectionLimits.MaxHeaderBytes)} (of your own HttpClient, MaxResponseHeadersLength)");
            case HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError:
                return ("broke the connection before it answered: " + Reason(exception),
                    $"check that an API server listens there, and a proxy in front of it ({source})");
            case HttpRequestError.Unknown when IsBadAnswer(exception, socket):
                return ("gave no valid answer: " + Reason(exception),
                    $"check that an API server listens there, and a proxy in front of it ({source})");
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
            _ when Find<TimeoutException>(exception) is not null => ("cannot be connected to in time: DNS, TCP or TLS did not finish",
                $"check the network, VPN and firewall, and the address ({source})"
                + (source == KubeConnection.OwnClient ? "; your own HttpClient needs Timeout = Timeout.InfiniteTimeSpan" : "")),
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

    // A failure to connect has an error of its own. What HTTP/2 does not accept from a server, and a reset, have none.
    private static bool IsBadAnswer(Exception exception, SocketException? socket) =>
        socket is null or { SocketErrorCode: SocketError.ConnectionReset }
        && Find<TimeoutException>(exception) is null
        && (Find<IOException>(exception) is not null || exception is HttpRequestException { InnerException: null });

    // Over HTTP/2, a single header that is too long is an error of its compression, of a type that is not public.
    private static bool IsHeaderLimit(Exception exception) =>
        Reason(exception).Contains("headers length exceeded the set limit", StringComparison.Ordinal);

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
