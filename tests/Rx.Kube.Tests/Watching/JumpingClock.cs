using System.Reactive.Concurrency;

namespace Rx.Kube.Tests.Watching;

/// <summary>Virtual time with a wall clock that a test sets; waits and stopwatches do not follow it.</summary>
internal sealed class JumpingClock(VirtualTimeScheduler<long, long> inner) : IScheduler, IServiceProvider
{
    public TimeSpan Jumped { get; set; }

    public DateTimeOffset Now => inner.Now + Jumped;

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, (_, s) => action(this, s));

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, dueTime, (_, s) => action(this, s));

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, dueTime - Jumped, (_, s) => action(this, s));

    public object? GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider) ? new Stopwatches(inner) : null;

    private sealed class Stopwatches(VirtualTimeScheduler<long, long> clock) : IStopwatchProvider, IStopwatch
    {
        private readonly DateTimeOffset _start = clock.Now;

        public TimeSpan Elapsed => clock.Now - _start;

        public IStopwatch StartStopwatch() => new Stopwatches(clock);
    }
}
