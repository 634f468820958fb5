using System.Reactive;
using System.Reactive.Concurrency;

namespace Rx.Kube;

// One stream for many subscribers, and subscribers that are slow.
public static partial class KubeObservable
{
    /// <summary>
    /// Shares one subscription to the source between many subscribers; each of them receives the current value at once, and then the
    /// newest value whenever it is free.
    /// </summary>
    /// <typeparam name="T">
    /// The values. Each must be complete in itself, as snapshots and rings are: a busy subscriber skips values. For streams of changes
    /// (<see cref="WatchEvent{T}"/>, <see cref="Changes"/>, <c>Ownership</c>), share the snapshots before them.
    /// </typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="onError">
    /// Receives the exceptions that subscribers throw, on the thread on which the subscriber was called. What it throws itself is only
    /// counted. If null, the exceptions are only counted and traced.
    /// </param>
    /// <param name="observeOn">
    /// The scheduler on which subscribers are called, so that one that blocks delays no other. If null, they are called on the thread of
    /// the source, and the first time on the thread that subscribes.
    /// </param>
    /// <returns>
    /// A stream whose subscriptions share one subscription to the source: from the first subscription until the last is disposed, or until
    /// the source ends. What a subscriber receives:
    /// <list type="table">
    /// <item><term>when it subscribes</term><description>the current value at once, if there is one, and every later value: never an older
    /// value after a newer one</description></item>
    /// <item><term>OnNext</term><description>the value. While the subscriber is busy the newest value waits for it, and the values before
    /// that one are skipped</description></item>
    /// <item><term>OnCompleted</term><description>the waiting value, then the end. The next subscription makes a new subscription to the
    /// source</description></item>
    /// <item><term>OnError</term><description>the error; the waiting value is dropped. The next subscription makes a new subscription to
    /// the source, so <c>Retry</c> works</description></item>
    /// <item><term>the last subscription is disposed</term><description>the source is unsubscribed from and the current value is forgotten,
    /// so the next subscriber does not receive an outdated value</description></item>
    /// <item><term>a subscriber throws</term><description>its own subscription ends; the others are not affected</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <code>
    /// source         a--b-----c--|       b is current when the second subscriber comes
    /// subscriber 1   a--b-----c--|
    /// subscriber 2       b----c--|
    /// </code>
    /// <para>Unlike with <c>Replay(1).RefCount()</c>, a subscriber that comes after all others have left does not receive their last value
    /// as if it were current, an error does not end the stream for later subscribers, and a slow subscriber has no queue.</para>
    /// <para>No lock is held while a subscriber is called, so it may subscribe, dispose, and wait for other threads. A subscriber receives
    /// one value at a time. Without <paramref name="observeOn"/>, a subscriber that blocks delays the source and the other subscribers;
    /// <see cref="ObserveLatest"/> frees a single one.</para>
    /// <para>What a subscriber throws, in OnNext or in the handling of the end, is counted by the instrument
    /// <c>rxkube.subscriber.faults</c> and is an event of an activity (<see cref="System.Diagnostics.ActivitySource"/> <c>Rx.Kube</c>).
    /// This includes the source's error, which Rx throws on behalf of a subscriber without an error handler: give each subscriber a
    /// handler, or pass <paramref name="onError"/>; otherwise only the telemetry shows why the stream ended.</para>
    /// <para>If the last subscription is disposed while another one begins, the new subscription to the source may begin before the old one
    /// has ended. A subscriber costs one waiting value.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<T> ShareLatest<T>(
        this IObservable<T> source, Action<Exception>? onError = null, IScheduler? observeOn = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SharedLatest<T, Unit, T>(source, static (value, _) => value, static (_, _) => null, onError, observeOn).Of(Unit.Default);
    }

    /// <summary>
    /// Shares one subscription between all subscribers to single Services: <see cref="ShareLatest"/> for a whole cluster.
    /// </summary>
    /// <param name="source">The snapshots of all Services.</param>
    /// <param name="onError">
    /// Receives the exceptions that subscribers throw, on the thread on which the subscriber was called. What it throws itself is only
    /// counted. If null, the exceptions are only counted and traced.
    /// </param>
    /// <param name="observeOn">
    /// The scheduler on which subscribers are called, so that one that blocks delays no other. If null, they are called on the thread of
    /// the source, and the first time on the thread that subscribes.
    /// </param>
    /// <returns>
    /// An object that provides an observable per Service. It is subscribed to the source only while at least one of these observables has a
    /// subscriber.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static ServiceTopologies ByService(
        this IObservable<ClusterTopology> source, Action<Exception>? onError = null, IScheduler? observeOn = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ServiceTopologies(source, onError, observeOn);
    }

    /// <summary>
    /// Calls a slow subscriber on a scheduler with the newest value whenever it is free. Unlike with Rx's <c>ObserveOn</c>, there is no
    /// queue: values that are superseded while the subscriber is busy are skipped.
    /// </summary>
    /// <typeparam name="T">The values. Each must be complete in itself, as snapshots and rings are.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="scheduler">
    /// Where the subscriber is called; <see cref="Scheduler.Default"/>, the thread pool, when omitted. With schedulers that run actions at
    /// once, such as <see cref="ImmediateScheduler"/>, the source still waits for the subscriber.
    /// </param>
    /// <returns>A cold stream. The effect of each event:
    /// <list type="table">
    /// <item><term>OnNext</term><description>the value, on the scheduler. While the subscriber is busy, or its call is still to come, the
    /// newest value waits, and the values before that one are skipped</description></item>
    /// <item><term>OnCompleted</term><description>the waiting value, then the end, on the scheduler</description></item>
    /// <item><term>OnError</term><description>the error, on the scheduler; the waiting value is dropped</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>The operator keeps one value and at most one scheduled action; each action delivers one value, so other work on the scheduler
    /// has its turn. Unless the scheduler runs actions at once, the thread of the source never calls the subscriber and never waits for
    /// it. Values arrive one at a time, and no lock
    /// is held during OnNext.</para>
    /// <para>An exception of the subscriber is thrown on the scheduler, as with <c>ObserveOn</c>.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<T> ObserveLatest<T>(this IObservable<T> source, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ObserveLatestOperator.Create(source, scheduler ?? Scheduler.Default);
    }

    /// <summary>
    /// Converts a stream to an asynchronous enumerable that skips superseded values: <c>await foreach</c> gets the newest value whenever
    /// its body is done.
    /// </summary>
    /// <typeparam name="T">The values. Each must be complete in itself, as snapshots and rings are.</typeparam>
    /// <param name="source">The stream.</param>
    /// <returns>
    /// A cold enumerable: each enumeration makes its own subscription, with the first call of <c>MoveNextAsync</c>. The effect of each
    /// event:
    /// <list type="table">
    /// <item><term>OnNext</term><description>the value is the next one of the enumeration, unless a newer value replaces it
    /// first</description></item>
    /// <item><term>OnCompleted</term><description>the enumeration ends after the waiting value</description></item>
    /// <item><term>OnError</term><description><c>MoveNextAsync</c> throws the error; the waiting value is dropped</description></item>
    /// <item><term>the enumeration ends early (<c>break</c>, an exception, <c>DisposeAsync</c>)</term><description>the subscription is
    /// disposed</description></item>
    /// <item><term>the token of <c>WithCancellation</c> is cancelled</term><description><c>MoveNextAsync</c> throws an
    /// <see cref="OperationCanceledException"/>, even if a value waits, and the subscription is disposed</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// The enumeration keeps one waiting value. The source never waits for it: the body of the loop continues in the context in which
    /// <c>MoveNextAsync</c> was awaited, or on the thread pool.
    /// </remarks>
    /// <example><code>
    /// await foreach (var topology in cache.WhereSynced().ToLatestAsyncEnumerable().WithCancellation(stoppingToken))
    ///     await RebuildAsync(topology, stoppingToken);
    /// </code></example>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IAsyncEnumerable<T> ToLatestAsyncEnumerable<T>(this IObservable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return LatestAsyncEnumerable.Of(source);
    }

    /// <summary>Waits for the first snapshot that is based on a complete list: for the start of a program, or of a test.</summary>
    /// <typeparam name="T">The snapshots: of a Service, of all Services, of a store, or of a join.</typeparam>
    /// <param name="source">The snapshots. Subscribed to once, until the task ends.</param>
    /// <param name="timeout">How long to wait. More than zero and at most one day.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The snapshot, live or stale. The task fails with a <see cref="FirstSyncTimeoutException"/>, which has the last interruption, after
    /// <paramref name="timeout"/>; with the error of <paramref name="source"/>; and with an <see cref="InvalidOperationException"/> if
    /// <paramref name="source"/> completes first. Its continuation never runs inside OnNext.
    /// </returns>
    /// <remarks>
    /// The subscription ends with the task. To go on with the same watch, share it: subscribe to <c>ShareLatest()</c> first, then wait.
    /// A failed attempt is known at most a second after it failed.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of its range.</exception>
    public static Task<T> FirstSyncedAsync<T>(
        this IObservable<T> source, TimeSpan timeout, CancellationToken cancellationToken = default)
        where T : ISnapshot =>
        source.FirstSyncedAsync(timeout, Scheduler.Default, cancellationToken);

    /// <summary>Waits for the first snapshot that is based on a complete list, on a given clock.</summary>
    /// <typeparam name="T">The snapshots.</typeparam>
    /// <param name="source">The snapshots.</param>
    /// <param name="timeout">How long to wait. More than zero and at most one day.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The snapshot, or an error, as in the other overload.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of its range.</exception>
    public static Task<T> FirstSyncedAsync<T>(
        this IObservable<T> source, TimeSpan timeout, IScheduler scheduler, CancellationToken cancellationToken = default)
        where T : ISnapshot
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(scheduler);
        TimeRange.Positive(timeout, nameof(timeout));
        return FirstSync.OfAsync(source, timeout, scheduler, null, cancellationToken);
    }

    /// <summary>
    /// Waits for the first snapshot that is based on a complete list. An error after the timeout also says what the requests of
    /// <paramref name="connection"/> wait for, such as an exec plugin that has not answered, and how far a list of several pages is.
    /// </summary>
    /// <typeparam name="T">The snapshots.</typeparam>
    /// <param name="source">The snapshots.</param>
    /// <param name="timeout">How long to wait, on the clock of the connection. More than zero and at most one day.</param>
    /// <param name="connection">The connection that <paramref name="source"/> uses.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The snapshot, or an error, as in the other overload.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of its range.</exception>
    public static Task<T> FirstSyncedAsync<T>(
        this IObservable<T> source, TimeSpan timeout, KubeConnection connection, CancellationToken cancellationToken = default)
        where T : ISnapshot
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(connection);
        TimeRange.Positive(timeout, nameof(timeout));
        return FirstSync.OfAsync(source, timeout, connection.Scheduler, connection, cancellationToken);
    }

    /// <summary>Subscribes, and keeps the newest value, to be read at any time on any thread.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="onError">
    /// Called when the stream fails; the last value stays readable. If it is null, the error is thrown on the thread of the stream, as by
    /// <c>Subscribe</c> without onError.
    /// </param>
    /// <returns>The holder; disposing it ends the subscription.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static CurrentValue<T> ToCurrentValue<T>(this IObservable<T> source, Action<Exception>? onError = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(source);
        return new CurrentValue<T>(source, onError);
    }
}
