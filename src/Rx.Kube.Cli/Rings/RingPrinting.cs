using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Rings;

/// <summary>Rings as lines that are printed one after the other.</summary>
internal static class RingPrinting
{
    /// <summary>The blocks of text to print, each whole: for every ring, and when it is no longer, or again, the one of now.</summary>
    /// <param name="rings">The rings.</param>
    /// <param name="settings">How many replicas, and who asks.</param>
    /// <param name="watched">How to print.</param>
    /// <returns>Text, each with its line end.</returns>
    public static IObservable<string> Print(this IObservable<RingSnapshot> rings, RingSettings settings, Watched watched)
    {
        var news = rings.WithPrevious((now, before) => (Now: now, IsNews: now.IsNews(before))).Where(r => r.IsNews).Select(r => r.Now);
        var host = watched.Host;
        return watched.Format switch
        {
            OutputFormat.Json => news.WithPrevious((now, before) => RingJson.Line(now, before, settings) + "\n"),
            OutputFormat.Text => news.WithPrevious((now, before) => watched.Text(RingText.Lines(now, before, settings, host.Scheduler.Now))),
            _ => news.Scan(new RingState(watched.Service, settings), (state, ring) => state.Next(ring, host.Scheduler.Now))
                .Select((state, index) => (index == 0 ? "" : "\n") + watched.Text(RingTable.Draw(state, host.Scheduler.Now, Printing.ViewOf(host)))),
        };
    }
}
