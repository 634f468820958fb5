using System.Reactive;
using System.Reactive.Linq;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>A table that is drawn anew whenever something changes, or only time passes.</summary>
internal static class LiveTable
{
    /// <summary>How often ages and countdowns move.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);

    /// <summary>However fast changes come, the screen is drawn no more often.</summary>
    private static readonly TimeSpan _fastest = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows what is folded from the source, for as long as it goes on.</summary>
    /// <typeparam name="T">What comes.</typeparam>
    /// <typeparam name="TState">What is shown. Immutable.</typeparam>
    /// <param name="source">What comes.</param>
    /// <param name="screen">Where it is shown.</param>
    /// <param name="host">The clock and the terminal.</param>
    /// <param name="footer">Where the data comes from, escaped.</param>
    /// <param name="first">The state before anything has come.</param>
    /// <param name="next">The state after something has come, at a time.</param>
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
