using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Testing;

/// <summary>Plays notifications at their times.</summary>
internal static class Playback
{
    /// <summary>Plays notifications until one of them ends the stream, or else stays open.</summary>
    /// <param name="notifications">The notifications, in the order of their times, which are ticks since the start of the clock.</param>
    /// <param name="clock">The time since the start.</param>
    /// <param name="scheduler">Waits.</param>
    public static IObservable<T> Of<T>(
        IEnumerable<Timed<Notification<T>>> notifications, IStopwatch clock, IScheduler scheduler) =>
        Observable.Using(notifications.GetEnumerator, its => Observable.Generate(
                its.MoveNext(), more => more, _ => its.MoveNext(), _ => its.Current.Value, _ => Left(its.Current.Time, clock), scheduler))
            .Concat(Observable.Never<Notification<T>>())
            .Dematerialize();

    private static TimeSpan Left(long time, IStopwatch clock) =>
        time - clock.Elapsed.Ticks is > 0 and var ticks ? TimeSpan.FromTicks(ticks) : TimeSpan.Zero;
}
