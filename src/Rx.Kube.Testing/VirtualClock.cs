using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>
/// A clock for tests: it stands still until it is started or advanced, and then runs from one due time to the next without waiting.
/// Its unit is the tick (100 ns); a frame of a marble diagram is one millisecond, 10,000 ticks.
/// </summary>
/// <remarks>
/// <para>What is due at the same time runs in the order in which it was scheduled; what is due at once runs at the same time,
/// after what was already waiting. What is thrown in a run comes out of it; the clock then stands at that time, and can be run on.
/// Use it from one thread.</para>
/// <para>Every method of this package that takes a scheduler takes any <see cref="VirtualTimeScheduler{TAbsolute, TRelative}"/> of
/// ticks, so the <c>TestScheduler</c> of Microsoft.Reactive.Testing serves as well. That one runs what is due at once a tick
/// later, which diagrams do not see, because they compare frames.</para>
/// </remarks>
public sealed class VirtualClock : VirtualTimeScheduler<long, long>
{
    private readonly DateTimeOffset _start;
    private int? _stepsLeft;

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
    /// <exception cref="ArgumentNullException">The action is null.</exception>
    public override IDisposable ScheduleAbsolute<TState>(TState state, long dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return base.ScheduleAbsolute(state, dueTime, (scheduler, its) =>
        {
            if (--_stepsLeft <= 0)
            {
                Stop();
            }

            try
            {
                return action(scheduler, its);
            }
            catch
            {
                // Else it would take itself for running for ever after, and do nothing when it is started.
                Stop();
                throw;
            }
        });
    }

    /// <summary>Runs until nothing is due, and says whether it got there in so many steps.</summary>
    internal bool Run(int steps)
    {
        _stepsLeft = steps;
        try
        {
            Start();
            return _stepsLeft > 0 || IsIdle;
        }
        finally
        {
            _stepsLeft = null;
        }
    }

    /// <inheritdoc/>
    protected override long Add(long absolute, long relative) => relative > long.MaxValue - absolute ? long.MaxValue : absolute + relative;

    /// <inheritdoc/>
    protected override DateTimeOffset ToDateTimeOffset(long absolute) =>
        absolute > DateTimeOffset.MaxValue.Ticks - _start.Ticks ? DateTimeOffset.MaxValue : _start.AddTicks(absolute);

    /// <inheritdoc/>
    protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;
}
