using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Divides text into lines.</summary>
internal static class TextWrapping
{
    /// <summary>Divides a text into lines at its blanks. A word that is wider than a line is divided, too; no character is lost.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width of a line in cells; less than 1 counts as 1.</param>
    /// <returns>The lines, each at most <paramref name="width"/> cells wide unless one character is wider. At least one.</returns>
    public static List<string> Wrap(string text, int width)
    {
        List<string> lines = [""];
        foreach (var word in text.Split(' ').SelectMany(word => Pieces(word, Math.Max(1, width))))
        {
            if (lines[^1].Length == 0)
            {
                lines[^1] = word;
            }
            else if (lines[^1].GetCellWidth() + 1 + word.GetCellWidth() <= width)
            {
                lines[^1] += " " + word;
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }

    private static IEnumerable<string> Pieces(string word, int width)
    {
        var (start, cells, index) = (0, 0, 0);
        foreach (var rune in word.EnumerateRunes())
        {
            var more = rune.ToString().GetCellWidth();
            if (cells + more > width && index > start)
            {
                yield return word[start..index];
                (start, cells) = (index, 0);
            }

            (cells, index) = (cells + more, index + rune.Utf16SequenceLength);
        }

        yield return word[start..];
    }
}
