using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Divides the screen: a header, rows, a log, a footer.</summary>
internal static class Frame
{
    private const int MinLog = 4;

    /// <summary>Puts a frame together.</summary>
    /// <param name="header">The lines at the top.</param>
    /// <param name="rows">The table for so many lines; without a limit for null.</param>
    /// <param name="log">The events, newest first.</param>
    /// <param name="view">Where it is shown.</param>
    /// <returns>The lines, none wider than the viewport; exactly as many as it is high, when it has a height.</returns>
    public static IReadOnlyList<Line> Compose(IEnumerable<Line> header, Func<int?, IEnumerable<Line>> rows, IEnumerable<LogEntry> log, Viewport view)
    {
        var lines = new List<Line>(header);
        if (view.Height is not { } height)
        {
            return [.. lines.Concat(rows(null)).Select(l => l.Fit(view.Width))];
        }

        // From the bottom: the footer, then at least a short log (where there is room for one), the rest is for the rows.
        var footer = height >= 8 ? 1 : 0;
        var logged = height >= 16 ? MinLog + 1 : 0;
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
            lines.Add(new Line().Add($"{view.Footer} {view.Glyphs.Dot} Ctrl+C stops", Palette.Quiet));
        }

        return [.. lines.Take(height).Select(l => l.Fit(view.Width))];
    }
}
