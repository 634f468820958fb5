using System.Reactive.Concurrency;

namespace Rx.Kube.Testing.Tests;

/// <summary>The clocks every test runs on: ours, and one with the one habit that sets Microsoft's TestScheduler apart.</summary>
public sealed class Clocks : TheoryData<string>
{
    public Clocks() => AddRange("VirtualClock", "TickLater");

    public static VirtualTimeScheduler<long, long> New(string name) => name == "TickLater" ? new TickLaterClock() : new VirtualClock();

    private sealed class TickLaterClock : VirtualTimeScheduler<long, long>
    {
        public override IDisposable ScheduleAbsolute<TState>(TState state, long dueTime, Func<IScheduler, TState, IDisposable> action) =>
            base.ScheduleAbsolute(state, dueTime <= Clock ? Clock + 1 : dueTime, action);

        protected override long Add(long absolute, long relative) => absolute + relative;

        protected override DateTimeOffset ToDateTimeOffset(long absolute) => new(absolute, TimeSpan.Zero);

        protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;
    }
}
