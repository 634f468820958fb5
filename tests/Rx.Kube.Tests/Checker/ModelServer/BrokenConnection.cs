using System.Net.Sockets;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>
/// The errors of a connection that breaks, as the handlers of .NET give them: <c>BrokenConnectionTests</c> compares them with real ones.
/// </summary>
internal static class BrokenConnection
{
    /// <summary>TCP RST.</summary>
    public static Exception Reset => new IOException(
        "Unable to read data from the transport connection: Connection reset by peer.",
        new SocketException((int)SocketError.ConnectionReset));

    /// <summary>TCP FIN, or one half closed, before the end of the answer.</summary>
    public static Exception Ended => new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");

    /// <summary>HTTP/2's GOAWAY, when the server has not seen the stream.</summary>
    public static Exception GoAway => new HttpProtocolException(0, "The HTTP/2 server closed the connection.", null);

    /// <summary>HTTP/2's RST_STREAM.</summary>
    public static Exception StreamReset(long code) => new HttpProtocolException(code, "The HTTP/2 server reset the stream.", null);

    /// <summary>One of the forms that a break can have in a schedule.</summary>
    public static Exception Error(int form) => form switch
    {
        0 => Reset,
        1 => StreamReset(2),
        _ => Ended,
    };

    /// <summary>The error of a request whose headers have not arrived.</summary>
    public static HttpRequestException BeforeHeaders(Exception? error) => (error ?? Ended) switch
    {
        HttpRequestException e => e,
        HttpIOException e => new(e.HttpRequestError, "An error occurred while sending the request.", e),
        var e => new("An error occurred while sending the request.", e),
    };
}
