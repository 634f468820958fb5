namespace Rx.Kube.Simulator;

/// <summary>Something that goes wrong with one request. A closed set: see its factories.</summary>
public abstract record Fault
{
    private protected Fault()
    {
    }

    /// <summary>The request never arrives: its connection is reset.</summary>
    public static Fault Abort { get; } = new Aborted();

    /// <summary>HTTP 410 with reason <c>Expired</c>, as for a version that is compacted.</summary>
    public static Fault Gone { get; } = new Answered(410, "Expired", "too old resource version: 0 (0)", null);

    /// <summary>An answer other than the right one, as a Status object.</summary>
    /// <param name="code">The HTTP status code, 400 to 599.</param>
    /// <param name="reason">The Status reason, such as <c>TooManyRequests</c>.</param>
    /// <param name="retryAfterSeconds">Seconds to wait, told as header <c>Retry-After</c> and in the Status; none if null.</param>
    public static Fault Status(int code, string reason = "", int? retryAfterSeconds = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        return new Answered(code, reason, "ordered by a fault plan", retryAfterSeconds);
    }

    /// <summary>The right answer, later; the delay is measured by <see cref="SimulatorOptions.Time"/>.</summary>
    public static Fault Delay(TimeSpan by) => new Delayed(by);

    /// <summary>The right answer up to so many bytes of its body, then the connection is closed without the end: a line of a watch breaks off in the middle.</summary>
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
