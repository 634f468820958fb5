using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Lines in columns as wide as they need to be: first texts, then numbers at the right.</summary>
/// <param name="texts">How many columns of texts there are.</param>
/// <param name="heading">The headings.</param>
internal sealed class Grid(int texts, params string[] heading)
{
    private const string Gap = "  ";
    private readonly List<(string[] Cells, string Note)> _rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">The cells, escaped; fewer than there are columns when a note takes the rest.</param>
    /// <param name="note">What stands after them, escaped.</param>
    public void Add(IEnumerable<string> cells, string note = "") => _rows.Add(([.. cells], note));

    /// <summary>Draws it.</summary>
    /// <returns>The lines.</returns>
    public IEnumerable<Line> Draw()
    {
        var widths = heading.Select((title, column) =>
            _rows.Select(r => r.Cells.ElementAtOrDefault(column)?.GetCellWidth() ?? 0).Append(title.GetCellWidth()).Max()).ToArray();
        yield return Row(heading, "", widths, Palette.Strong);
        foreach (var (cells, note) in _rows)
        {
            yield return Row(cells, note, widths, Palette.Plain);
        }
    }

    private Line Row(string[] cells, string note, int[] widths, Style style)
    {
        var line = new Line();
        foreach (var (column, cell) in cells.Index())
        {
            line.Add(column == 0 ? "" : Gap);
            var end = line.Width + widths[column];
            line.PadTo(column < texts ? 0 : end - cell.GetCellWidth()).Add(cell, style).PadTo(end);
        }

        return note.Length == 0 ? line : line.Add(Gap).Add(note, Palette.Warn);
    }
}
