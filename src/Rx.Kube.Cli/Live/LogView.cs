using System.Globalization;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>Draws the last events, newest first.</summary>
internal static class LogView
{
    /// <summary>Draws a heading and as many events as there is room for.</summary>
    /// <param name="log">The events, newest first.</param>
    /// <param name="room">The lines, the heading among them.</param>
    /// <param name="view">Where it is shown.</param>
    /// <returns>The lines; at most as many as there is room for.</returns>
    public static IEnumerable<Line> Draw(IEnumerable<LogEntry> log, int room, Viewport view)
    {
        yield return new Line().Add($"{view.Glyphs.Rule}{view.Glyphs.Rule} ", Palette.Quiet).Add("CHANGES", Palette.Strong).Add(" ")
            .PadTo(view.Width, Palette.Quiet, view.Glyphs.Rule);
        var entries = log.Take(Math.Max(0, room - 1)).ToList();
        var member = Math.Min(30, entries.Select(e => e.Member.GetCellWidth()).DefaultIfEmpty().Max());
        foreach (var entry in entries)
        {
            var time = TimeZoneInfo.ConvertTime(entry.At, view.Zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            var line = new Line().Add(time, Palette.Quiet).Add($" {entry.Sign} ", entry.Style);
            if (entry.Member.Length > 0)
            {
                line.Add(Fitting.Middle(entry.Member, member)).PadTo(8 + 3 + member).Add("  ");
            }

            yield return line.Add(entry.Text, entry.Member.Length > 0 ? Palette.Quiet : entry.Style);
        }
    }
}
