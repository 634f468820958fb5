using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Divides the screen into a header, rows, a log and a footer.</summary>
internal static class Frame
{
    private const int MinLog = 4;

    /// <summary>Composes a frame.</summary>
    /// <param name="header">The lines at the top.</param>
    /// <param name="rows">Draws the table with at most the given number of lines; null means no limit.</param>
    /// <param name="log">The events, newest first.</param>
    /// <param name="view">The size and the signs of the output.</param>
    /// <returns>The lines, each at most as wide as the viewport. Their number is the height of the viewport if it has one.</returns>
    public static IReadOnlyList<Line> Compose(
        IEnumerable<Line> header, Func<int?, IEnumerable<Line>> rows, IEnumerable<LogEntry> log, Viewport view)
    {
        var lines = new List<Line>(header);
        if (view.Height is not { } height)
        {
            return [.. lines.Concat(rows(null)).Select(l => l.Fit(view.Width))];
        }

        // The footer and, where the header leaves enough lines, a short log have fixed heights; the rows get the rest.
        var footer = height >= 8 ? 1 : 0;
        var logged = height - lines.Count >= 13 ? MinLog + 1 : 0;
        lines.AddRange(rows(Math.Max(1, height - lines.Count - footer - logged - 1)));
        if (logged > 0)
        {
            if (height - lines.Count - footer > logged)
            {
                lines.Add(new Line());
            }

            lines.AddRange(LogView.Draw(log, height - lines.Count - footer, view));
        }

        while (lines.Count < height - footer)
        {
            lines.Add(new Line());
        }

        if (footer > 0)
        {
            lines.Add(new Line().Add($"{view.Footer} {view.Glyphs.Dot} q or Ctrl+C to stop", Palette.Quiet));
        }

        return [.. lines.Take(height).Select(l => l.Fit(view.Width))];
    }
}
