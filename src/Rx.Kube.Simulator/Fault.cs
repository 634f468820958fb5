namespace Rx.Kube.Simulator;

/// <summary>A fault of one request. This is a closed hierarchy: only the static members create faults.</summary>
public abstract record Fault
{
    private protected Fault()
    {
    }

    /// <summary>Gets a fault that resets the connection before the request is processed.</summary>
    public static Fault Abort { get; } = new Aborted();

    /// <summary>Gets a fault that answers with HTTP 410 and reason <c>Expired</c>, as for a compacted version.</summary>
    public static Fault Gone { get; } = new Answered(410, "Expired", "too old resource version: 0 (0)", null);

    /// <summary>Creates a fault that answers with an error, as a Status object.</summary>
    /// <param name="code">The HTTP status code, 400 to 599.</param>
    /// <param name="reason">The Status reason, such as <c>TooManyRequests</c>.</param>
    /// <param name="retryAfterSeconds">
    /// The number of seconds to wait, in the header <c>Retry-After</c> and in the Status; null for none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="code"/> is not from 400 to 599.</exception>
    public static Fault Status(int code, string reason = "", int? retryAfterSeconds = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        return new Answered(code, reason, "injected by a fault plan", retryAfterSeconds);
    }

    /// <summary>Creates a fault that delays the correct response. The delay is measured by <see cref="SimulatorOptions.Time"/>.</summary>
    /// <param name="by">The delay. From zero to one day.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is out of range.</exception>
    public static Fault Delay(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(by, TimeSpan.FromDays(1));
        return new Delayed(by);
    }

    /// <summary>
    /// Creates a fault that sends the correct response up to a number of bytes of its body and then closes the connection before the end
    /// of the body, so that a line of a watch is cut in the middle.
    /// </summary>
    /// <param name="afterBytes">The number of bytes to send. Not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="afterBytes"/> is negative.</exception>
    public static Fault Truncate(int afterBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterBytes);
        return new Truncated(afterBytes);
    }

    internal sealed record Aborted : Fault;

    internal sealed record Answered(int Code, string Reason, string Message, int? RetryAfterSeconds) : Fault;

    internal sealed record Delayed(TimeSpan By) : Fault;

    internal sealed record Truncated(int AfterBytes) : Fault;
}
