using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>
/// A clock for tests: it stands still until it is started or advanced, and then runs from one due time to the next without waiting.
/// Its unit is the tick (100 ns); a frame of a marble diagram is one millisecond, 10,000 ticks.
/// </summary>
/// <remarks>
/// <para>What is due at the same time runs in the order in which it was scheduled; what is due at once runs at the same time,
/// after what was already waiting. Use it from one thread.</para>
/// <para>Every method of this package that takes a scheduler takes any <see cref="VirtualTimeScheduler{TAbsolute, TRelative}"/> of
/// ticks, so the <c>TestScheduler</c> of Microsoft.Reactive.Testing serves as well. That one runs what is due at once a tick
/// later, which diagrams do not see, because they compare frames.</para>
/// </remarks>
public sealed class VirtualClock : VirtualTimeScheduler<long, long>
{
    private readonly DateTimeOffset _start;

    /// <summary>Makes a clock that stands at tick 0.</summary>
    public VirtualClock()
    {
    }

    /// <summary>Makes a clock that stands at tick 0 and calls it a given time of the calendar.</summary>
    /// <param name="start">What <see cref="IScheduler.Now"/> says at tick 0.</param>
    public VirtualClock(DateTimeOffset start) => _start = start;

    /// <summary>Whether nothing is due any more: a stream that was disposed of has left no timer behind.</summary>
    public bool IsIdle => GetNext() is null;

    /// <inheritdoc/>
    protected override long Add(long absolute, long relative) => absolute + relative;

    /// <inheritdoc/>
    protected override DateTimeOffset ToDateTimeOffset(long absolute) => _start.AddTicks(absolute);

    /// <inheritdoc/>
    protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;
}
