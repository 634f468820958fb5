using System.Reactive.Concurrency;

namespace Rx.Kube.Cli.Recordings;

/// <summary>
/// The clock of a recording: it shows the recorded time, and waits in real time, so that a screen is redrawn at its usual pace, whatever
/// the speed.
/// </summary>
/// <param name="real">Waits.</param>
/// <param name="start">The wall-clock time of the start of the recording.</param>
/// <param name="from">Where the clock starts.</param>
/// <param name="until">Where the clock stops.</param>
/// <param name="speed">How much faster than real time it runs; null for a clock that only <see cref="MoveTo"/> moves.</param>
internal sealed class ReplayClock(IScheduler real, DateTimeOffset start, TimeSpan from, TimeSpan until, double? speed)
    : IScheduler, IServiceProvider
{
    private readonly IStopwatch _clock = real.StartStopwatch();
    private long _ticks = from.Ticks;

    /// <inheritdoc/>
    public DateTimeOffset Now
    {
        get
        {
            var moved = TimeSpan.FromTicks(Volatile.Read(ref _ticks));
            var run = speed is { } times ? from + Times(_clock.Elapsed, times) : moved;
            return At(run < until ? run : until);
        }
    }

    /// <summary>Moves a clock that does not run.</summary>
    /// <param name="time">The time since the start of the recording.</param>
    public void MoveTo(TimeSpan time) => Volatile.Write(ref _ticks, time.Ticks);

    /// <summary>Gets how long to wait for a time.</summary>
    /// <param name="time">The time since the start of the recording.</param>
    /// <returns>The real time; zero if the time has passed, or the clock does not run.</returns>
    public TimeSpan Left(TimeSpan time)
    {
        var left = speed is { } times ? Times(time - from, 1 / times) - _clock.Elapsed : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => real.Schedule(state, action);

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        real.Schedule(state, dueTime, action);

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        real.Schedule(state, dueTime - Now, action);

    /// <inheritdoc/>
    public object? GetService(Type serviceType) => (real as IServiceProvider)?.GetService(serviceType);

    private static TimeSpan Times(TimeSpan time, double factor) =>
        TimeSpan.FromTicks((long)Math.Clamp(time.Ticks * factor, long.MinValue / 4, long.MaxValue / 4));

    private DateTimeOffset At(TimeSpan time) =>
        new(Math.Clamp(start.UtcTicks + time.Ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
}
