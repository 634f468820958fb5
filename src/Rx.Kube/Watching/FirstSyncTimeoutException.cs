using System.Globalization;

namespace Rx.Kube;

/// <summary>No complete list arrived within a timeout. The message has the cause of the last failed attempt.</summary>
public sealed class FirstSyncTimeoutException : TimeoutException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="timeout">How long the first complete list was waited for.</param>
    /// <param name="interruption">The last failed attempt; null if none has failed.</param>
    /// <param name="waitingFor">What requests wait for, as <see cref="KubeConnection.WaitingFor"/> names it; null for nothing.</param>
    public FirstSyncTimeoutException(TimeSpan timeout, WatchInterruption? interruption, string? waitingFor = null)
        : this(timeout, interruption, waitingFor, unfinishedList: null, lastFailure: null)
    {
    }

    /// <summary>Creates the exception with what is known of the connection now.</summary>
    /// <param name="timeout">How long the first complete list was waited for.</param>
    /// <param name="interruption">The last failed attempt; null if none has been reported.</param>
    /// <param name="connection">The connection; null if it is not known.</param>
    public FirstSyncTimeoutException(TimeSpan timeout, WatchInterruption? interruption, KubeConnection? connection)
        : this(timeout, interruption, connection?.WaitingFor, connection?.UnfinishedList, connection?.LastFailure)
    {
    }

    private FirstSyncTimeoutException(
        TimeSpan timeout, WatchInterruption? interruption, string? waitingFor, string? unfinishedList, string? lastFailure)
        : base(Text(timeout, interruption, waitingFor, unfinishedList, lastFailure), interruption?.Error) =>
        (Timeout, Interruption, WaitingFor, UnfinishedList, LastFailure) =
            (timeout, interruption, waitingFor, unfinishedList, interruption?.Message ?? lastFailure);

    /// <summary>Gets how long the first complete list was waited for.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>
    /// Gets the last failed attempt; null if none has failed, so that the server has not answered yet, or has not sent the whole list.
    /// </summary>
    public WatchInterruption? Interruption { get; }

    /// <summary>Gets what requests wait for, such as an exec plugin; null for nothing.</summary>
    public string? WaitingFor { get; }

    /// <summary>Gets how far a list is that has several pages; null if unknown.</summary>
    public string? UnfinishedList { get; }

    /// <summary>Gets why the last attempt failed: of <see cref="Interruption"/>, or of the connection; null if none is known.</summary>
    public string? LastFailure { get; }

    private static string Text(
        TimeSpan timeout, WatchInterruption? interruption, string? waitingFor, string? unfinishedList, string? lastFailure)
    {
        var seconds = timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return $"No complete list arrived within {seconds} s. " + (waitingFor is not null
            ? $"Still waiting for {waitingFor}."
            : unfinishedList is not null
            ? $"The server answers, but {unfinishedList}. To fix: check the server, and a proxy in front of it, or wait longer."
            : interruption is not null
            ? $"The last attempt failed: {interruption.Kind}: {interruption.Message}"
            : lastFailure is not null
            ? $"The last attempt failed: {lastFailure}"
            : "The server has not answered, or has not sent the whole list. "
                + "To fix: check that it is running and reachable, or wait longer.");
    }
}
