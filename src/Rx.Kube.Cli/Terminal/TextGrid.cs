using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Draws rows in columns of the necessary width: left-aligned texts, then right-aligned numbers.</summary>
/// <param name="texts">The number of text columns.</param>
/// <param name="heading">The headings.</param>
internal sealed class TextGrid(int texts, params string[] heading)
{
    private const string Gap = "  ";
    private readonly List<(string[] Cells, string Note)> _rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">The cells, escaped; a row with a note can have fewer cells than columns.</param>
    /// <param name="note">The text after the cells, escaped.</param>
    public void Add(IEnumerable<string> cells, string note = "") => _rows.Add(([.. cells], note));

    /// <summary>Draws the heading and the rows.</summary>
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
