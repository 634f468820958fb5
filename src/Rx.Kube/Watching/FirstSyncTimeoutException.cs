using System.Globalization;

namespace Rx.Kube;

/// <summary>No complete list arrived within a timeout. The message has the cause of the last failed attempt.</summary>
public sealed class FirstSyncTimeoutException : TimeoutException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="timeout">How long the first complete list was waited for.</param>
    /// <param name="interruption">The last failed attempt; null if none has failed.</param>
    /// <param name="waitingFor">What requests wait for, as <see cref="KubeConnection.WaitingFor"/> names it; null for nothing.</param>
    /// <param name="unfinishedList">How far a list is, as <see cref="KubeConnection.UnfinishedList"/> says; null if unknown.</param>
    public FirstSyncTimeoutException(
        TimeSpan timeout, WatchInterruption? interruption, string? waitingFor = null, string? unfinishedList = null)
        : base(Text(timeout, interruption, waitingFor, unfinishedList), interruption?.Error) =>
        (Timeout, Interruption, WaitingFor, UnfinishedList) = (timeout, interruption, waitingFor, unfinishedList);

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

    private static string Text(TimeSpan timeout, WatchInterruption? interruption, string? waitingFor, string? unfinishedList)
    {
        var seconds = timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return $"No complete list arrived within {seconds} s. " + (waitingFor is not null
            ? $"Still waiting for {waitingFor}."
            : unfinishedList is not null
            ? $"The server answers, but {unfinishedList}. To fix: check the server, and a proxy in front of it, or wait longer."
            : interruption is null
            ? "The server has not answered, or has not sent the whole list. To fix: check that it is running and reachable, or wait longer."
            : $"The last attempt failed: {interruption.Kind}: {interruption.Message}");
    }
}
