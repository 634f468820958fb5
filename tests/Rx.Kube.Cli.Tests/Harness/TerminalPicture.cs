using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>
/// Draws what a terminal of a size shows of lines: it breaks them at its edge, and the first rows may have left the screen.
/// </summary>
internal static class TerminalPicture
{
    /// <summary>The mark of a row that the terminal has broken within a word.</summary>
    private const string Broken = "⏎";

    /// <summary>The sizes that each view is shown in.</summary>
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 120, 40 }, { 40, 12 } };

    /// <summary>Draws the rows, the prompt of the shell after them, and where the screen begins.</summary>
    public static string Of(string title, string output, int width, int height)
    {
        Assert.DoesNotContain('\e', output);
        var rows = output.TrimEnd('\n').Split('\n').SelectMany(line => Rows(line, width)).Append("$").ToList();
        var above = Math.Max(0, rows.Count - height);
        if (above > 0)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"──── rows that have left the screen: {above} ");
            rows.Insert(above, text.PadRight(width, '─'));
        }

        return $"{title}\n{string.Concat(rows.Select(row => row + "\n"))}";
    }

    private static IEnumerable<string> Rows(string line, int width)
    {
        var (row, cells) = (new StringBuilder(), 0);
        var before = new Rune(' ');
        foreach (var rune in line.EnumerateRunes())
        {
            var more = rune.ToString().GetCellWidth();
            if (cells + more > width)
            {
                yield return row + (before.Value == ' ' || rune.Value == ' ' ? "" : Broken);
                row.Clear();
                cells = 0;
            }

            row.Append(rune);
            cells += more;
            before = rune;
        }

        yield return row.ToString().TrimEnd();
    }
}
