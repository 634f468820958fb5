using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>
/// A clock for tests. It does not advance until it is started or advanced, and then jumps from one due time to the next without waiting.
/// Its unit is the tick (100 ns); a frame of a marble diagram is one millisecond, 10,000 ticks.
/// </summary>
/// <remarks>
/// <para>Actions that are due at the same time run in the order of their scheduling; an action that is due at once runs at the current
/// time, after those that are already waiting. An exception ends a run and propagates to its caller; the clock then remains at that time,
/// and can be started again. Use it from one thread.</para>
/// <para>Every method of this package that takes a scheduler takes any <see cref="VirtualTimeScheduler{TAbsolute, TRelative}"/> of
/// ticks, so the <c>TestScheduler</c> of Microsoft.Reactive.Testing works too. It runs an action that is due at once one tick
/// later, which does not show in diagrams, because they compare frames.</para>
/// </remarks>
public sealed class VirtualClock : VirtualTimeScheduler<long, long>
{
    private readonly DateTimeOffset _start;
    private int? _stepsLeft;

    /// <summary>Creates a clock at tick 0.</summary>
    public VirtualClock()
    {
    }

    /// <summary>Creates a clock at tick 0 that represents a given date and time.</summary>
    /// <param name="start">The value of <see cref="IScheduler.Now"/> at tick 0.</param>
    public VirtualClock(DateTimeOffset start) => _start = start;

    /// <summary>Gets whether nothing is scheduled. Use it to check that a disposed stream leaves no timer.</summary>
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
                // Otherwise the clock stays enabled, and does nothing when it is started again.
                Stop();
                throw;
            }
        });
    }

    /// <summary>Runs until nothing is due; returns false if that takes more than a number of steps.</summary>
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
