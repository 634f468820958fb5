using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Represents what one watch has shown. Immutable; a fold over its events. All times count from its request.</summary>
internal sealed record WatchTrial
{
    /// <summary>Gets when the headers arrived; null if they did not.</summary>
    public TimeSpan? Opened { get; init; }

    /// <summary>Gets when the first event arrived; null for none.</summary>
    public TimeSpan? FirstEvent { get; init; }

    /// <summary>Gets when the end of the initial events arrived: the server has streaming lists. Null if it did not.</summary>
    public TimeSpan? InitialEnd { get; init; }

    /// <summary>Gets the number of bookmarks, with that at the end of the initial events.</summary>
    public int Bookmarks { get; init; }

    /// <summary>Gets when the watch ended by itself; null if it was open to the last.</summary>
    public TimeSpan? Ended { get; init; }

    /// <summary>Gets the error with which the watch ended; null for a clean end.</summary>
    public Exception? Error { get; init; }

    /// <summary>Gets whether an API server has answered with an error.</summary>
    public KubeStatusException? Refusal => Error as KubeStatusException;

    /// <summary>Watches.</summary>
    /// <param name="slices">What to watch.</param>
    /// <param name="options">The start of the watch.</param>
    /// <param name="limit">How long to watch.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="ct">Ends the watch.</param>
    /// <returns>What the watch has shown until its end, the end of its initial events if it has any, or the limit.</returns>
    public static Task<WatchTrial> RunAsync(
        IWatchable<EndpointSlice> slices, WatchOptions options, TimeSpan limit, IScheduler scheduler, CancellationToken ct) =>
        Observable.Defer(() =>
        {
            var watch = scheduler.StartStopwatch();
            return slices.Watch(options).Materialize().TakeUntil(Observable.Timer(limit, scheduler))
                .Scan(new WatchTrial(), (trial, next) => trial.Next(next, watch.Elapsed))
                .TakeUntil(trial => trial.InitialEnd is not null)
                .StartWith(new WatchTrial())
                .LastAsync();
        }).ToTask(ct);

    private WatchTrial Next(Notification<WatchEvent<EndpointSlice>> next, TimeSpan at) => next switch
    {
        { Kind: NotificationKind.OnError } => this with { Ended = at, Error = next.Exception },
        { Kind: NotificationKind.OnCompleted } => this with { Ended = at },
        { Value: WatchEvent<EndpointSlice>.Opened } => this with { Opened = at },
        { Value: WatchEvent<EndpointSlice>.Bookmark bookmark } => this with
        {
            FirstEvent = FirstEvent ?? at,
            Bookmarks = Bookmarks + 1,
            InitialEnd = InitialEnd ?? (bookmark.EndsInitialEvents ? at : null),
        },
        _ => this with { FirstEvent = FirstEvent ?? at },
    };
}
