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
        : base(Text(timeout, interruption, waitingFor), interruption?.Error) =>
        (Timeout, Interruption, WaitingFor) = (timeout, interruption, waitingFor);

    /// <summary>Gets how long the first complete list was waited for.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Gets the last failed attempt; null if none has failed, so that the server has not answered yet.</summary>
    public WatchInterruption? Interruption { get; }

    /// <summary>Gets what requests wait for, such as an exec plugin; null for nothing.</summary>
    public string? WaitingFor { get; }

    private static string Text(TimeSpan timeout, WatchInterruption? interruption, string? waitingFor)
    {
        var seconds = timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        return $"No complete list arrived within {seconds} s. " + (waitingFor is not null
            ? $"Still waiting for {waitingFor}."
            : interruption is null
            ? "The server has not answered. To fix: check that it is running and reachable, or wait longer."
            : $"The last attempt failed: {interruption.Kind}: {interruption.Message}");
    }
}
