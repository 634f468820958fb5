namespace Rx.Kube;

/// <summary>The options of <see cref="KubeObservable.Resume"/>. The defaults suit production.</summary>
public sealed record ResumeOptions
{
    /// <summary>Gets the defaults.</summary>
    public static ResumeOptions Default { get; } = new();

    /// <summary>
    /// Gets the defaults without randomness: every wait, and every lifetime requested for a watch, is the shortest possible. For tests with
    /// reproducible times; in production, many clients would reconnect at the same time.
    /// </summary>
    public static ResumeOptions WithoutJitter { get; } = new() { Random = RandomSource.Constant(0) };

    /// <summary>Gets the waits between attempts. The default is <see cref="Backoff.Default"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException"><see cref="Backoff.Initial"/> is more than <see cref="Backoff.Max"/>.</exception>
    public Backoff Backoff
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Backoff));
            field = value.Checked(nameof(Backoff));
        }
    } = Backoff.Default;

    /// <summary>
    /// Gets the shortest lifetime requested for a watch (<c>timeoutSeconds</c>). From one second to one day. The default is 5 minutes. The
    /// lifetime of each watch is chosen at random between this value and twice this value, in whole seconds, so that clients do not
    /// reconnect at the same time. If the server ignores the requested lifetime, the client ends the watch 30 seconds after
    /// that lifetime has passed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan WatchTimeout
    {
        get;
        init => field = TimeRange.AtLeast(TimeSpan.FromSeconds(1), value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets how long a watch may be silent before its connection counts as dead. This applies once a bookmark has shown that the server
    /// sends them (about one a minute). More than zero and at most one day. The default is 2.5 minutes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SilenceTimeout
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// Gets the source of the random numbers for jitter and for the lifetimes of watches. The default is <see
    /// cref="RandomSource.Default"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RandomSource Random
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Random));
            field = value;
        }
    } = RandomSource.Default;
}
