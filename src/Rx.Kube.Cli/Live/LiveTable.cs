using System.Reactive;
using System.Reactive.Linq;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Redraws a table when its data changes and as time passes.</summary>
internal static class LiveTable
{
    /// <summary>How often ages and countdowns are redrawn.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);

    /// <summary>The minimum time between two frames, however many changes arrive.</summary>
    private static readonly TimeSpan _fastest = TimeSpan.FromMilliseconds(100);

    /// <summary>Folds the source into states and draws each state, until the source ends.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <typeparam name="TState">The type of the state. Immutable.</typeparam>
    /// <param name="source">The items.</param>
    /// <param name="screen">The screen.</param>
    /// <param name="host">The clock and the terminal.</param>
    /// <param name="footer">The origin of the data, escaped.</param>
    /// <param name="first">The state before the first item.</param>
    /// <param name="next">Gets the state after an item that arrives at a time.</param>
    /// <param name="draw">Draws a state at a time.</param>
    /// <returns>A value per frame; an error when the source fails.</returns>
    public static IObservable<Unit> ShowOn<T, TState>(
        this IObservable<T> source, LiveScreen screen, CliHost host, string footer, TState first,
        Func<TState, T, DateTimeOffset, TState> next, Func<TState, DateTimeOffset, Viewport, IReadOnlyList<Line>> draw)
    {
        var states = source.Scan(first, (state, item) => next(state, item, host.Scheduler.Now)).StartWith(first);
        var moments = Observable.Interval(_tick, host.Scheduler).Select(_ => Unit.Default).StartWith(Unit.Default)
            .Merge(host.Redraw.Do(_ => screen.Invalidate()))
            .Merge(host.Suspend.Do(_ => screen.Suspend()));
        return states.CombineLatest(moments, (state, _) => state).Sample(_fastest, host.Scheduler).Select(state =>
        {
            var size = host.Size();
            var view = new Viewport(size.Width, size.Height, host.Glyphs, host.TimeZone, footer);
            screen.Show(draw(state, host.Scheduler.Now, view), size);
            return Unit.Default;
        });
    }
}
