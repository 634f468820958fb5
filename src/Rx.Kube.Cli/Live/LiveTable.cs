using System.Reactive;
using System.Reactive.Linq;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Live;

/// <summary>Redraws a table when its data changes, at keys, and as time passes.</summary>
internal static class LiveTable
{
    /// <summary>How often ages and countdowns are redrawn.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);

    /// <summary>The minimum time between two frames, however many changes arrive.</summary>
    private static readonly TimeSpan _fastest = TimeSpan.FromMilliseconds(100);

    /// <summary>Folds the source into states and draws each state, until the source fails or the user quits.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <typeparam name="TState">The type of the state. Immutable.</typeparam>
    /// <param name="source">The items.</param>
    /// <param name="screen">The screen.</param>
    /// <param name="host">The clock and the terminal.</param>
    /// <param name="context">The origin of the data, and the marks of the user.</param>
    /// <param name="first">The state before the first item.</param>
    /// <param name="next">Gets the state after an item that arrives at a time.</param>
    /// <param name="draw">Draws a state at a time.</param>
    /// <returns>A value per frame; an error when the source fails. The last state stays on the terminal.</returns>
    public static IObservable<Unit> ShowOn<T, TState>(
        this IObservable<T> source, LiveScreen screen, CliHost host, WatchContext context, TState first,
        Func<TState, T, DateTimeOffset, TState> next, Func<TState, DateTimeOffset, Viewport, Picture> draw)
        where TState : class => Observable.Defer(() =>
    {
        var (latest, browsing, seen, memo) = (first, Browse.Start, Extent.None, new FilterMemo());
        var states = source.Scan(first, (state, item) => next(state, item, host.Scheduler.Now)).StartWith(first)
            .Do(state => Volatile.Write(ref latest, state));
        var moments = Observable.Interval(_tick, host.Scheduler).Select(_ => Unit.Default).StartWith(Unit.Default)
            .Merge(host.Redraw.Do(_ => screen.Invalidate()))
            .Merge(host.Suspend.Do(_ => screen.Suspend()));
        screen.LeaveAtEnd(() =>
        {
            var view = ViewOf(Volatile.Read(ref browsing) with { Prompt = null });
            return draw(
                Volatile.Read(ref latest), host.Scheduler.Now, view with { Height = view.Height - 1, IsLast = true, Memo = new() }).Lines;
        });
        return host.Keys.Scan(Browse.Start, (browse, key) => browse.Next(key, Volatile.Read(ref seen))).StartWith(Browse.Start)
            .Do(browse => Volatile.Write(ref browsing, browse))
            .Publish(browses => states.CombineLatest(moments, browses, (state, _, browse) => (State: state, Browse: browse))
                .Sample(_fastest, host.Scheduler)
                .Select(now =>
                {
                    var view = ViewOf(now.Browse);
                    var picture = draw(now.State, host.Scheduler.Now, view);
                    Volatile.Write(ref seen, picture.Extent);
                    screen.Show(picture.Lines, (view.Width, view.Height!.Value));
                    return Unit.Default;
                })
                .TakeUntil(browses.Where(browse => browse.IsQuit)));

        Viewport ViewOf(Browse browse)
        {
            var size = host.Size();
            return new Viewport(size.Width, size.Height, host.Glyphs, host.TimeZone, context.Footer)
            {
                Browse = browse,
                Memo = memo,
                Notes = context.Notes(),
            };
        }
    });
}
