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

    /// <summary>
    /// Draws the heading and the rows. Where they are too wide, it draws the texts of each row and, below them, its numbers with their
    /// names.
    /// </summary>
    /// <param name="width">The width of the terminal; notes may be wider.</param>
    /// <returns>The lines.</returns>
    public IEnumerable<Line> Draw(int width = int.MaxValue)
    {
        var widths = heading.Select((title, column) =>
            _rows.Select(r => r.Cells.ElementAtOrDefault(column)?.GetCellWidth() ?? 0).Append(title.GetCellWidth()).Max()).ToArray();
        if (widths.Sum() + (Gap.Length * (widths.Length - 1)) > width)
        {
            foreach (var line in _rows.SelectMany(row => Stacked(row.Cells, row.Note, width)))
            {
                yield return line;
            }

            yield break;
        }

        yield return Row(heading, "", widths, Palette.Strong);
        foreach (var (cells, note) in _rows)
        {
            yield return Row(cells, note, widths, Palette.Plain);
        }
    }

    private IEnumerable<Line> Stacked(string[] cells, string note, int width)
    {
        yield return new Line().Add(string.Join(Gap, cells.Take(texts)), Palette.Strong)
            .Add(note.Length == 0 ? "" : Gap + note, Palette.Warn);
        var line = new Line().Add(Gap);
        foreach (var (name, cell) in heading.Zip(cells).Skip(texts))
        {
            var pair = $"{name} {cell}";
            if (line.Width > Gap.Length && line.Width + Gap.Length + pair.GetCellWidth() > width)
            {
                yield return line;
                line = new Line().Add(Gap);
            }

            line.Add(line.Width > Gap.Length ? Gap : "").Add(name + " ", Palette.Quiet).Add(cell);
        }

        if (line.Width > Gap.Length)
        {
            yield return line;
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
