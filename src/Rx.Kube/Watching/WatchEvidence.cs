using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// When the server was last heard: the age of the evidence behind a snapshot. It is a handle that moves while the snapshot stays the same,
/// so it is no part of the equality of what carries it: every instance equals every other. Thread-safe.
/// </summary>
public sealed class WatchEvidence
{
    private readonly IScheduler? _scheduler;
    private readonly IStopwatch? _clock;
    private long _last = -1;

    internal WatchEvidence(IScheduler scheduler) => (_scheduler, _clock) = (scheduler, scheduler.StartStopwatch());

    private WatchEvidence()
    {
    }

    /// <summary>Gets the evidence of a snapshot that does not come from a resumed stream: nothing was ever received.</summary>
    internal static WatchEvidence None { get; } = new();

    /// <summary>
    /// Gets the time since bytes of a response last arrived, measured on a monotonic clock; null before the first ones.
    /// </summary>
    public TimeSpan? Age => Volatile.Read(ref _last) is >= 0 and var last ? _clock!.Elapsed - TimeSpan.FromTicks(last) : null;

    /// <summary>Gets when bytes of a response last arrived, on the scheduler's clock; null before the first ones.</summary>
    public DateTimeOffset? LastReceived => Age is { } age ? _scheduler!.Now - age : null;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WatchEvidence;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <summary>Returns the age in seconds.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Age is { } age ? FormattableString.Invariant($"{age.TotalSeconds:0.0} s ago") : "never";

    /// <summary>Notes that bytes have arrived.</summary>
    internal void Note() => Volatile.Write(ref _last, _clock!.Elapsed.Ticks);
}
