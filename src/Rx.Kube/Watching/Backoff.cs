namespace Rx.Kube;

/// <summary>
/// How long to wait before the next attempt: exponential, capped, with jitter so that many clients do not come back together.
/// The defaults are client-go's reflector's: 800 ms, doubled up to 30 s, up to +100 % jitter, back to the start after 2 minutes of health.
/// </summary>
public sealed record Backoff
{
    /// <summary>The defaults.</summary>
    public static Backoff Default { get; } = new();

    /// <summary>The wait after the first failure, before jitter. Positive; default 800 ms.</summary>
    public TimeSpan Initial
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = TimeSpan.FromMilliseconds(800);

    /// <summary>The longest wait, before jitter. Positive; default 30 s.</summary>
    public TimeSpan Max
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = TimeSpan.FromSeconds(30);

    /// <summary>By what a wait grows with each failure. At least 1; default 2.</summary>
    public double Factor
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be at least 1");
    } = 2;

    /// <summary>The largest part of a wait that is added at random: 1 for up to +100 %. From 0; default 1.</summary>
    public double Jitter
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must not be negative");
    } = 1;

    /// <summary>How long a watch must have lived for the wait to start over. Positive; default 2 minutes.</summary>
    public TimeSpan ResetAfter
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = TimeSpan.FromMinutes(2);

    /// <summary>The wait after a number of failures in a row.</summary>
    /// <param name="failures">How many there were before this one; from 0.</param>
    /// <param name="random">A random number in [0, 1).</param>
    /// <returns>The wait, from <see cref="Initial"/> to <see cref="Max"/> × (1 + <see cref="Jitter"/>).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="failures"/> is negative, or <paramref name="random"/> outside [0, 1).</exception>
    public TimeSpan Delay(int failures, double random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        ArgumentOutOfRangeException.ThrowIfNegative(random);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(random, 1);
        var wait = Math.Min(Initial.TotalMilliseconds * Math.Pow(Factor, failures), Max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (1 + (Jitter * random)));
    }
}
