using System.Security.Cryptography;

namespace Rx.Kube;

/// <summary>How a stream is resumed. The defaults suit production.</summary>
public sealed record ResumeOptions
{
    /// <summary>The defaults.</summary>
    public static ResumeOptions Default { get; } = new();

    /// <summary>
    /// The defaults without chance: every wait, and every life asked for a watch, is the shortest it may be. For tests, whose times then repeat;
    /// in production many clients would come back together.
    /// </summary>
    public static ResumeOptions WithoutJitter { get; } = new() { RandomSource = () => () => 0 };

    /// <summary>The waits between attempts.</summary>
    public Backoff Backoff { get; init; } = Backoff.Default;

    /// <summary>
    /// The shortest life asked for a watch (<c>timeoutSeconds</c>). Positive whole seconds; default 5 minutes. The life is drawn at
    /// random between this and twice this, so that clients do not reconnect together. A client-side cap follows 30 seconds
    /// after it, for servers that ignore it.
    /// </summary>
    public TimeSpan WatchTimeout
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1)
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be at least a second");
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a watch may say nothing, once a bookmark has shown that the server sends them (about one a minute), before the
    /// connection is taken for dead. Positive; default 2.5 minutes.
    /// </summary>
    public TimeSpan SilenceTimeout
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be positive");
    } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// Where random numbers in [0, 1) come from, for jitter; one source is made for each subscription. Null for one with a random seed.
    /// </summary>
    public Func<Func<double>>? RandomSource { get; init; }

    internal Func<double> NewRandom() => RandomSource is null ? new Random(RandomNumberGenerator.GetInt32(int.MaxValue)).NextDouble : RandomSource();
}
