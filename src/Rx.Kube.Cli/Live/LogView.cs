using System.Globalization;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>Draws the log, newest entry first.</summary>
internal static class LogView
{
    /// <summary>Creates the entry of a mark of the user.</summary>
    /// <param name="at">Its time.</param>
    /// <param name="text">Its text, not escaped.</param>
    /// <returns>The entry.</returns>
    public static LogEntry Mark(DateTimeOffset at, string text) =>
        new(at, '*', Palette.Info, "", "mark: " + TerminalText.Escape(text, 1000));

    /// <summary>Adds the marks whose times have come to a log.</summary>
    /// <param name="log">The entries, newest first.</param>
    /// <param name="marks">The marks, newest first.</param>
    /// <param name="now">The time.</param>
    /// <returns>All entries, newest first. Only as many are read as are shown.</returns>
    public static IEnumerable<LogEntry> Merge(IEnumerable<LogEntry> log, IReadOnlyList<LogEntry> marks, DateTimeOffset now)
    {
        using var next = marks.SkipWhile(mark => mark.At > now).GetEnumerator();
        var isMark = next.MoveNext();
        foreach (var entry in log)
        {
            for (; isMark && next.Current.At >= entry.At; isMark = next.MoveNext())
            {
                yield return next.Current;
            }

            yield return entry;
        }

        for (; isMark; isMark = next.MoveNext())
        {
            yield return next.Current;
        }
    }

    /// <summary>Draws a heading and as many entries as fit.</summary>
    /// <param name="log">The entries, newest first.</param>
    /// <param name="room">The number of lines, including the heading.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>The lines, at most <paramref name="room"/>.</returns>
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
                line.Add(TextTruncation.Middle(entry.Member, member)).PadTo(8 + 3 + member).Add("  ");
            }

            yield return line.Add(entry.Text, entry.Member.Length > 0 ? Palette.Quiet : entry.Style);
        }
    }
}

/// <summary>Represents an entry of the log under the table.</summary>
/// <param name="At">The time of the event.</param>
/// <param name="Sign">The kind of event: <c>+ ~ - = ! ?</c>.</param>
/// <param name="Style">The style of the sign.</param>
/// <param name="Member">The member, escaped; empty for an event of the connection.</param>
/// <param name="Text">The text, escaped.</param>
internal sealed record LogEntry(DateTimeOffset At, char Sign, Style Style, string Member, string Text);
