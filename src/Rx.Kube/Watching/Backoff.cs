namespace Rx.Kube;

/// <summary>
/// The waits between attempts: exponential, capped, with jitter so that many clients do not reconnect at the same time.
/// The defaults are those of client-go's reflector: 800 ms, doubled up to 30 s, up to +100 % jitter, reset after 2 minutes without a
/// failure; <see cref="KubeObservable.Resume"/> also resets them after a watch that was open for a second.
/// </summary>
public sealed record Backoff
{
    private const double MaxFactor = 100;
    private const double MaxJitter = 10;

    /// <summary>Gets the defaults.</summary>
    public static Backoff Default { get; } = new();

    /// <summary>
    /// Gets the wait after the first failure, before jitter. More than zero, at most one day, and at most <see cref="Max"/>, which
    /// <see cref="ResumeOptions.Backoff"/> checks. The default is 800 ms.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Initial
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromMilliseconds(800);

    /// <summary>Gets the longest wait, before jitter. More than zero and at most one day. The default is 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Max
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the factor by which the wait grows with each failure. From 1 to 100. The default is 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or not a number.</exception>
    public double Factor
    {
        get;
        init => field = InRange(value, 1, MaxFactor, nameof(Factor));
    } = 2;

    /// <summary>
    /// Gets the largest fraction of a wait that is added at random: 1 for up to +100 %. From 0 to 10. The default is 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or not a number.</exception>
    public double Jitter
    {
        get;
        init => field = InRange(value, 0, MaxJitter, nameof(Jitter));
    } = 1;

    /// <summary>
    /// Gets how long after the last failure the waits start at <see cref="Initial"/> again. More than zero and at most one day. The default
    /// is 2 minutes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ResetAfter
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The wait after a number of earlier failures in a row, with a random number in [0, 1): from <see cref="Initial"/> to
    /// <see cref="Max"/> × (1 + <see cref="Jitter"/>).
    /// </summary>
    internal TimeSpan Delay(int failures, double random)
    {
        var wait = Math.Min(Initial.TotalMilliseconds * Math.Pow(Factor, failures), Max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (1 + (Jitter * random)));
    }

    /// <summary>Checks what no single property can check.</summary>
    /// <exception cref="ArgumentException"><see cref="Initial"/> is more than <see cref="Max"/>.</exception>
    internal Backoff Checked(string name) => Initial <= Max
        ? this
        : throw new ArgumentException(
            $"{nameof(Initial)} is {Initial}, more than {nameof(Max)}, {Max}. " +
            $"To fix: raise {nameof(Max)} or lower {nameof(Initial)}.",
            name);

    // A comparison with NaN is false, so NaN is refused too.
    private static double InRange(double value, double least, double most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}.");
}
