using System.Reactive;
using System.Reactive.Linq;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Topology;

namespace Rx.Kube.Cli.Live;

/// <summary>The table that is drawn anew whenever something changes, or only time passes.</summary>
internal static class LiveTable
{
    /// <summary>How often ages and countdowns move.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);

    /// <summary>However fast changes come, the screen is drawn no more often.</summary>
    private static readonly TimeSpan _fastest = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows snapshots for as long as they come.</summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <param name="screen">Where they are shown.</param>
    /// <param name="host">The clock and the terminal.</param>
    /// <param name="service">The Service that is watched.</param>
    /// <param name="footer">Where the data comes from, escaped.</param>
    /// <returns>A value per frame; an error when the snapshots fail.</returns>
    public static IObservable<Unit> ShowOn(
        this IObservable<ServiceTopology> snapshots, LiveScreen screen, CliHost host, ServiceName service, string footer)
    {
        var states = snapshots.Scan(new TableState(service), (state, snapshot) => state.Next(snapshot, host.Scheduler.Now))
            .StartWith(new TableState(service));
        var moments = Observable.Interval(_tick, host.Scheduler).Select(_ => Unit.Default).StartWith(Unit.Default)
            .Merge(host.Redraw.Do(_ => screen.Invalidate()))
            .Merge(host.Suspend.Do(_ => screen.Suspend()));
        return states.CombineLatest(moments, (state, _) => state).Sample(_fastest, host.Scheduler).Select(state =>
        {
            var size = host.Size();
            var view = new Viewport(size.Width, size.Height, host.Glyphs, host.TimeZone, footer);
            screen.Show(TableView.Draw(state, host.Scheduler.Now, view), size);
            return Unit.Default;
        });
    }
}
