using System.Globalization;
using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>
/// Tells when the API server was last heard. The age of this evidence is the only proof that a watch without events is still connected.
/// It is a handle: it changes while the snapshots that carry it stay the same. Thread-safe.
/// </summary>
/// <remarks>
/// Evidence is bytes received: the headers of a 2xx answer and each part of its body, of lists and watches alike. An error answer is no
/// evidence, because a proxy in front of the server may have sent it. HTTP/2 pings and TCP keep-alive probes are no evidence either: when
/// they fail, they end the connection.
/// </remarks>
public sealed class WatchEvidence : IEquatable<WatchEvidence>
{
    private const long Never = long.MinValue;
    private readonly IScheduler _scheduler;
    private readonly IStopwatch _stopwatch;
    private long _elapsedTicks = Never;

    /// <summary>Creates evidence that has heard nothing.</summary>
    /// <param name="scheduler">Provides the wall clock and the monotonic clock.</param>
    internal WatchEvidence(IScheduler scheduler) => (_scheduler, _stopwatch) = (scheduler, scheduler.StartStopwatch());

    /// <summary>
    /// Gets the time at which bytes last arrived, on the scheduler's wall clock as it is set now; null if none have arrived.
    /// </summary>
    public DateTimeOffset? LastReceived => Age is { } age ? _scheduler.Now - age : null;

    /// <summary>
    /// Gets how long ago bytes last arrived, at least zero; null if none have arrived. Measured on the scheduler's monotonic clock, so
    /// that a change of the wall clock does not affect it.
    /// </summary>
    public TimeSpan? Age => Volatile.Read(ref _elapsedTicks) is not Never and var ticks
        ? TimeSpan.FromTicks(Math.Max(0, _stopwatch.Elapsed.Ticks - ticks))
        : null;

    /// <summary>Gets the evidence of a snapshot that does not come from a resumed stream: nothing was received.</summary>
    internal static WatchEvidence None { get; } = new(DefaultScheduler.Instance);

    /// <summary>Gets what to call when bytes arrive; null for nothing.</summary>
    internal static Action? NotesOf(WatchEvidence? evidence) => evidence is null ? null : evidence.Note;

    /// <summary>Notes that bytes have arrived now. Allocates nothing.</summary>
    internal void Note() => Volatile.Write(ref _elapsedTicks, _stopwatch.Elapsed.Ticks);

    /// <summary>Returns whether the other object is evidence too: all evidence is equal.</summary>
    /// <param name="other">Another handle.</param>
    /// <returns>True unless <paramref name="other"/> is null.</returns>
    // It is a handle, and no part of the equality of what carries it: a record with this property must not change with every byte received.
    public bool Equals(WatchEvidence? other) => other is not null;

    /// <summary>Returns whether the other object is evidence too: all evidence is equal.</summary>
    /// <param name="obj">Another object.</param>
    /// <returns>Whether <paramref name="obj"/> is a <see cref="WatchEvidence"/>.</returns>
    public override bool Equals(object? obj) => obj is WatchEvidence;

    /// <summary>Returns the hash code that all evidence has.</summary>
    /// <returns>A constant.</returns>
    public override int GetHashCode() => 1;

    /// <summary>Returns the age, in seconds, for a log.</summary>
    /// <returns><c>received 1.5 s ago</c> or <c>nothing received</c>.</returns>
    public override string ToString() => Age is { } age
        ? string.Create(CultureInfo.InvariantCulture, $"received {age.TotalSeconds:0.0##} s ago")
        : "nothing received";
}
