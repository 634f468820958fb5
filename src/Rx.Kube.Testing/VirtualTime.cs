using System.Reactive;
using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>
/// Virtual time on any <see cref="VirtualTimeScheduler{TAbsolute, TRelative}"/> whose unit is the tick: frames, observables and observers.
/// </summary>
/// <remarks>
/// The <c>TestScheduler</c> of Microsoft.Reactive.Testing has its own methods named <c>CreateHotObservable</c>,
/// <c>CreateColdObservable</c>, <c>CreateObserver</c> and <c>Start</c>. The compiler prefers these on a variable of that type.
/// </remarks>
public static class VirtualTime
{
    /// <summary>The length of a frame of a marble diagram in ticks: one millisecond.</summary>
    public const long TicksPerFrame = TimeSpan.TicksPerMillisecond;

    /// <summary>The tick at which <c>Start</c> creates the observable by default.</summary>
    public const long Created = 100;

    /// <summary>The tick at which <c>Start</c> subscribes by default.</summary>
    public const long Subscribed = 200;

    /// <summary>The tick at which <c>Start</c> disposes of the subscription by default.</summary>
    public const long Disposed = 1000;

    /// <summary>Gets the frame of the clock: whole milliseconds since tick 0.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The frame.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static long Frame(this VirtualTimeScheduler<long, long> scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return FrameOf(scheduler.Clock);
    }

    /// <summary>Runs what is due within a span of time and leaves the clock at its end.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="time">The span of time.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The clock is running.</exception>
    public static void AdvanceBy(this VirtualTimeScheduler<long, long> scheduler, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        scheduler.AdvanceBy(time.Ticks);
    }

    /// <summary>Runs what is due up to a time and leaves the clock there.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="time">The time since tick 0.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> has passed.</exception>
    /// <exception cref="InvalidOperationException">The clock is running.</exception>
    public static void AdvanceTo(this VirtualTimeScheduler<long, long> scheduler, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        scheduler.AdvanceTo(time.Ticks);
    }

    /// <summary>Creates an observable that emits at fixed times, independently of its subscriptions.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="messages">The messages; times are ticks of the clock. Those before the current frame are not emitted.</param>
    /// <returns>The observable; it records its subscriptions. After its end, a new subscriber receives nothing.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ITestObservable<T> CreateHotObservable<T>(
        this VirtualTimeScheduler<long, long> scheduler, params Timed<Notification<T>>[] messages)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(messages);
        return new HotObservable<T>(scheduler, [.. messages], tellsLateSubscribers: false);
    }

    /// <summary>Creates an observable that starts over for every subscription.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="messages">The messages; times are ticks after the subscription.</param>
    /// <returns>The observable; it records its subscriptions.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ITestObservable<T> CreateColdObservable<T>(
        this VirtualTimeScheduler<long, long> scheduler, params Timed<Notification<T>>[] messages)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(messages);
        return new ColdObservable<T>(scheduler, [.. messages]);
    }

    /// <summary>Creates an observer that records what it receives and when.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The observer.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ITestObserver<T> CreateObserver<T>(this VirtualTimeScheduler<long, long> scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new RecordingObserver<T>(scheduler);
    }

    /// <summary>
    /// Creates an observable, subscribes to it and disposes of the subscription, each at its time, and runs the clock until nothing is due.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="create">Creates the observable.</param>
    /// <param name="created">The tick at which the observable is created.</param>
    /// <param name="subscribed">The tick at which it is subscribed to.</param>
    /// <param name="disposed">The tick at which the subscription is disposed. The default is a tenth of a frame of a diagram.</param>
    /// <returns>The observer, with all it has recorded.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The subscription would come before the creation, or the disposal before the subscription.
    /// </exception>
    /// <exception cref="InvalidOperationException">The clock is running.</exception>
    public static ITestObserver<T> Start<T>(
        this VirtualTimeScheduler<long, long> scheduler, Func<IObservable<T>> create,
        long created = Created, long subscribed = Subscribed, long disposed = Disposed)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfLessThan(subscribed, created);
        ArgumentOutOfRangeException.ThrowIfLessThan(disposed, subscribed);
        ThrowIfRunning(scheduler);
        var observer = new RecordingObserver<T>(scheduler);
        IObservable<T>? source = null;
        IDisposable? subscription = null;
        scheduler.ScheduleAbsolute(created, () => source = create());
        scheduler.ScheduleAbsolute(subscribed, () => subscription = source!.Subscribe(observer));
        scheduler.ScheduleAbsolute(disposed, () => subscription?.Dispose());
        scheduler.Start();
        return observer;
    }

    /// <summary>Refuses a clock that runs: starting it again would do nothing, which looks like silence.</summary>
    internal static void ThrowIfRunning(VirtualTimeScheduler<long, long> scheduler)
    {
        if (scheduler.IsEnabled)
        {
            throw new InvalidOperationException(
                "The clock is running, and cannot be started inside a run. If an exception has ended the run, Stop() the clock first");
        }
    }

    internal static long FrameOf(long ticks) => (ticks - (ticks < 0 ? TicksPerFrame - 1 : 0)) / TicksPerFrame;

    internal static long TicksOf(long frame) => frame * TicksPerFrame;
}
