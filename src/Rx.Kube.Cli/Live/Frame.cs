using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Live;

/// <summary>Divides the screen into a header, rows, a log and a footer.</summary>
internal static class Frame
{
    private const int MinLog = 4;
    private const int MinPrompt = 6;

    private static readonly string[] _hints = ["q or Ctrl+C to stop", "/ to filter"];
    private static readonly string[] _promptHints = ["Enter: keep", "Esc: cancel", "! first: invert"];

    /// <summary>Composes a frame.</summary>
    /// <param name="header">The lines at the top.</param>
    /// <param name="table">Draws the table with at most the given number of rows; null means no limit.</param>
    /// <param name="log">The events, newest first.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>The picture.</returns>
    public static Picture Compose(IEnumerable<Line> header, Func<int?, TableRows> table, IEnumerable<LogEntry> log, Viewport view)
    {
        var lines = new List<Line>(header);
        if (view.Height is not { } height)
        {
            var (all, whole) = table(null);
            return new([.. lines.Concat(all).Select(l => l.Fit(view.Width))], whole);
        }

        // The footer and, where the header leaves enough lines, a short log have fixed heights; the rows get the rest.
        var footer = view.IsLast ? 0 : height >= 8 || view.Browse.Prompt is not null ? 1 : 0;
        var logged = height - lines.Count >= 13 ? MinLog + 1 : 0;
        var (rows, extent) = table(Math.Max(1, height - lines.Count - footer - logged - 1));
        lines.AddRange(rows);
        if (logged > 0)
        {
            if (height - lines.Count - footer > logged)
            {
                lines.Add(new Line());
            }

            lines.AddRange(LogView.Draw(log, height - lines.Count - footer, view));
        }

        if (!view.IsLast)
        {
            while (lines.Count < height - footer)
            {
                lines.Add(new Line());
            }

            lines = [.. lines.Take(height - footer), .. footer > 0 ? [Bottom(view, extent)] : Array.Empty<Line>()];
        }

        return new([.. lines.Take(height).Select(l => l.Fit(view.Width))], extent);
    }

    private static Line Bottom(Viewport view, Extent extent) =>
        view.Browse.Prompt is { } prompt ? Prompt(prompt, view) : Hints(view, extent);

    private static Line Prompt(string text, Viewport view)
    {
        var room = Math.Max(MinPrompt, view.Width - MinPrompt - (view.Browse.Mistake ?? _promptHints[0]).Length);
        var line = new Line().Add("/", Palette.Strong)
            .Add(TextTruncation.Middle(TerminalText.Escape(text), room)).Add(" ", Palette.Cursor);
        return view.Browse.Mistake is { } mistake ? line.Add($"  {mistake}", Palette.Bad) : AddHints(line, "  ", _promptHints, view);
    }

    private static Line Hints(Viewport view, Extent extent)
    {
        // The first hint is always there: a user must find the way out.
        var separator = $" {view.Glyphs.Dot} ";
        var room = Math.Max(0, view.Width - (separator + _hints[0]).GetCellWidth());
        var line = new Line().Add(TextTruncation.End(view.Footer, room), Palette.Quiet);
        return AddHints(line, separator, extent.LastTop > 0 ? [.. _hints, "arrows to scroll"] : _hints, view);
    }

    private static Line AddHints(Line line, string separator, string[] hints, Viewport view)
    {
        foreach (var (index, hint) in hints.Index())
        {
            if (index == 0 || line.Width + (separator + hint).GetCellWidth() <= view.Width)
            {
                line.Add(separator + hint, Palette.Quiet);
            }
        }

        return line;
    }
}

/// <summary>Represents the heading and the rows of a table.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Extent">The rows that are seen.</param>
internal sealed record TableRows(IReadOnlyList<Line> Lines, Extent Extent);
