using System.Reactive;
using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>Virtual time on any <see cref="VirtualTimeScheduler{TAbsolute, TRelative}"/> of ticks: its frames, and what records on it.</summary>
public static class VirtualTime
{
    /// <summary>The length of a frame of a marble diagram in ticks: one millisecond.</summary>
    public const long TicksPerFrame = TimeSpan.TicksPerMillisecond;

    /// <summary>The frame the clock stands in: whole milliseconds since tick 0.</summary>
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
    /// <param name="time">How far to go.</param>
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

    /// <summary>Makes an observable that emits at fixed times, whoever is subscribed.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="messages">What it emits; times are ticks of the clock. What is before the frame of now is not emitted.</param>
    /// <returns>The observable; it records its subscriptions. Who subscribes after its end hears nothing.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ITestableObservable<T> CreateHotObservable<T>(
        this VirtualTimeScheduler<long, long> scheduler, params Recorded<Notification<T>>[] messages)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(messages);
        return new HotObservable<T>(scheduler, [.. messages], tellsLateSubscribers: false);
    }

    /// <summary>Makes an observable that begins anew for every subscription.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="messages">What it emits; times are ticks after the subscription.</param>
    /// <returns>The observable; it records its subscriptions.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ITestableObservable<T> CreateColdObservable<T>(
        this VirtualTimeScheduler<long, long> scheduler, params Recorded<Notification<T>>[] messages)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(messages);
        return new ColdObservable<T>(scheduler, [.. messages]);
    }

    /// <summary>Makes an observer that records what it is given and when.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The observer.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ITestableObserver<T> CreateObserver<T>(this VirtualTimeScheduler<long, long> scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new RecordingObserver<T>(scheduler);
    }

    /// <summary>Makes an observable, subscribes to it and disposes of the subscription, each at its time, and runs the clock until nothing is due.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="scheduler">The clock.</param>
    /// <param name="create">Makes the observable.</param>
    /// <param name="created">When it is made, in ticks.</param>
    /// <param name="subscribed">When it is subscribed to, in ticks.</param>
    /// <param name="disposed">When the subscription is disposed of, in ticks; unless said, that is a tenth of a frame of a diagram.</param>
    /// <returns>The observer, with all it has recorded.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It would be subscribed to before it is made, or disposed of before that.</exception>
    /// <exception cref="InvalidOperationException">The clock is running.</exception>
    public static ITestableObserver<T> Start<T>(
        this VirtualTimeScheduler<long, long> scheduler, Func<IObservable<T>> create,
        long created = ReactiveTest.Created, long subscribed = ReactiveTest.Subscribed, long disposed = ReactiveTest.Disposed)
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

    /// <summary>A clock that runs cannot be started: it would do nothing, and what comes of that looks like silence.</summary>
    internal static void ThrowIfRunning(VirtualTimeScheduler<long, long> scheduler)
    {
        if (scheduler.IsEnabled)
        {
            throw new InvalidOperationException(
                "The clock is running: within a run nothing can be asked for. If an exception has ended the run, Stop() the clock first");
        }
    }

    internal static long FrameOf(long ticks) => (ticks - (ticks < 0 ? TicksPerFrame - 1 : 0)) / TicksPerFrame;

    internal static long TicksOf(long frame) => frame * TicksPerFrame;
}
