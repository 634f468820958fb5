using System.Net.Sockets;

namespace Rx.Kube;

/// <summary>What ended an attempt: the closed set that <see cref="ResumePolicy"/> decides on.</summary>
internal enum EndKind
{
    /// <summary>The server closed the watch cleanly.</summary>
    Closed,

    /// <summary>Nothing was received for the silence timeout.</summary>
    Silent,

    /// <summary>The watch outlived the lifetime that was requested, and the grace after it.</summary>
    Overdue,

    /// <summary>The connection broke, or could not be made.</summary>
    Broken,

    /// <summary>The server answered with an error of its own (5xx).</summary>
    Failed,

    /// <summary>The version is too old (410).</summary>
    Expired,

    /// <summary>The server has not reached the version, or answered with an older one than was asked for.</summary>
    TooLarge,

    /// <summary>The server sent a version older than one that it sent before.</summary>
    WentBack,

    /// <summary>An audit found a difference that stayed.</summary>
    Diverged,

    /// <summary>The server asked the client to slow down (429).</summary>
    Throttled,

    /// <summary>The request was refused, and waiting does not fix that (3xx, 4xx, certificate, configuration).</summary>
    Refused,

    /// <summary>The server violated the protocol, or sent an error in the stream: what was lost is unknown.</summary>
    Protocol,

    /// <summary>The connection or the client is disposed.</summary>
    Disposed,
}

/// <summary>The end of a list or a watch.</summary>
/// <param name="Kind">What ended it.</param>
/// <param name="Cause">The same, as an interruption names it.</param>
/// <param name="Message">The cause, and how to fix it where that is known.</param>
/// <param name="Error">The error, if there is one.</param>
internal sealed record AttemptEnd(EndKind Kind, InterruptionKind Cause, string Message, Exception? Error = null)
{
    public static readonly AttemptEnd Closed = new(EndKind.Closed, InterruptionKind.Closed, "the server closed the watch");

    public static readonly AttemptEnd Overdue = new(
        EndKind.Overdue, InterruptionKind.Silent, "the server did not end the watch at the requested time");

    public static readonly AttemptEnd Unanswered = new(
        EndKind.Overdue, InterruptionKind.Silent, "the server did not answer the watch during its whole lifetime");

    /// <summary>How long the server asks the client to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Classifies an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="inStream">Whether the server had accepted the request, so that the error is part of its answer.</param>
    public static AttemptEnd Of(Exception error, bool inStream) => error switch
    {
        AttemptEndedException e => e.End,
        KubeStatusException e => OfStatus(e, inStream),
        WatchSilentException e => new(EndKind.Silent, InterruptionKind.Silent, e.Message, e),
        KubeTransportException { IsUntrusted: true } e => new(EndKind.Refused, InterruptionKind.Untrusted, e.Message, e),
        KubeConfigurationException e => new(EndKind.Refused, InterruptionKind.Configuration, e.Message, e),
        ObjectDisposedException e => new(EndKind.Disposed, InterruptionKind.Unreachable, e.Message, e),
        KubeTransportException or IOException or HttpRequestException or SocketException or TimeoutException =>
            new(EndKind.Broken, InterruptionKind.Unreachable, MessageOf(error), error),
        _ => new(EndKind.Protocol, InterruptionKind.Protocol, MessageOf(error), error),
    };

    // That of a connection is safe already; that of another source may be anything.
    private static string MessageOf(Exception error) => Printable.Of(error.Message, OutsideText.MaxMessage, lines: true);

    private static AttemptEnd OfStatus(KubeStatusException error, bool inStream)
    {
        var code = error.Status.Code;
        var (kind, cause) = code switch
        {
            _ when error.IsGone => (EndKind.Expired, InterruptionKind.Expired),
            _ when error.IsTooLarge => (EndKind.TooLarge, InterruptionKind.Expired),
            429 => (EndKind.Throttled, InterruptionKind.Throttled),
            _ when inStream => (EndKind.Protocol, code >= 500 ? InterruptionKind.ServerError : InterruptionKind.Protocol),
            401 => (EndKind.Refused, InterruptionKind.Unauthorized),
            403 => (EndKind.Refused, InterruptionKind.Forbidden),
            404 => (EndKind.Refused, InterruptionKind.NotFound),
            >= 500 or 408 => (EndKind.Failed, InterruptionKind.ServerError),
            _ => (EndKind.Refused, InterruptionKind.Protocol),
        };
        return new(kind, cause, error.Message, error) { RetryAfter = error.RetryAfter };
    }
}

/// <summary>Ends an attempt from inside its own operators; it never leaves <see cref="ResumeSession{T}"/>.</summary>
internal sealed class AttemptEndedException(AttemptEnd end) : Exception(end.Message)
{
    public AttemptEnd End { get; } = end;
}
