namespace Rx.Kube;

/// <summary>Describes a lost connection and when the next attempt starts.</summary>
/// <param name="Kind">The kind of cause.</param>
/// <param name="Message">The cause, and how to fix it where that is known. Parts may come from the network: escape before printing.</param>
/// <param name="Since">When the server was last heard from, on the scheduler's clock, or when the first attempt failed if it was never
/// heard from; the same for every attempt of one interruption.</param>
/// <param name="At">When the last attempt failed, on the scheduler's clock.</param>
/// <param name="RetryAfter">How long after <paramref name="At"/> the next attempt starts; zero if it starts at once.</param>
/// <param name="Error">The error; null if there is none.</param>
public sealed record WatchInterruption(
    InterruptionKind Kind, string Message, DateTimeOffset Since, DateTimeOffset At, TimeSpan RetryAfter, Exception? Error = null)
{
    /// <summary>Gets how many lists and watches in a row have failed in this interruption. At least zero; the default is one.</summary>
    public int FailedAttempts { get; init; } = 1;

    /// <summary>Gets when the next attempt starts.</summary>
    public DateTimeOffset RetryDue => At + RetryAfter;

    /// <summary>Returns the interruption in one line, without the error's stack trace.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => $"{Kind}: {Message} (since {Since:O}, next attempt after {RetryAfter})";
}

/// <summary>The causes of an interruption.</summary>
public enum InterruptionKind
{
    /// <summary>The server closed the watch cleanly, and it could not be resumed at once.</summary>
    Closed,

    /// <summary>The server could not be reached, or the connection broke.</summary>
    Unreachable,

    /// <summary>The server's certificate was refused.</summary>
    Untrusted,

    /// <summary>The server did not answer the watch, sent nothing for too long, or did not end the watch at the requested time.</summary>
    Silent,

    /// <summary>The version cannot be used any more: it is too old (410), the server has not reached it, its state went back, or an audit
    /// found a difference. A new list follows.</summary>
    Expired,

    /// <summary>The server asked the client to slow down (429).</summary>
    Throttled,

    /// <summary>The server failed (5xx).</summary>
    ServerError,

    /// <summary>The credentials were refused (401).</summary>
    Unauthorized,

    /// <summary>A permission is missing (403).</summary>
    Forbidden,

    /// <summary>The resource does not exist (404).</summary>
    NotFound,

    /// <summary>The server violated the protocol, or refused the request (other 4xx).</summary>
    Protocol,

    /// <summary>
    /// None of the objects of a list that is not empty could be decoded, and no earlier state of any of them is held: the type does not fit
    /// the resource, or no longer does.
    /// </summary>
    Undecodable,

    /// <summary>The configuration no longer provides credentials: a token file is missing, or an exec plugin fails.</summary>
    Configuration,
}
