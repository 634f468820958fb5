using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Breaks lines between words, where a terminal would break them within a word. Lines of a pipe stay whole.</summary>
internal static class LineWrapping
{
    /// <summary>Lines that are narrower are left to the terminal.</summary>
    private const int MinWidth = 20;

    /// <summary>Breaks lines that are wider than the terminal.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="host">The terminal, if there is one.</param>
    /// <param name="hang">Gets what the further lines of a line begin with.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> WrapFor(this IEnumerable<Line> lines, CliHost host, Func<Line, string> hang) =>
        host.IsTerminal ? lines.SelectMany(line => Wrap(line, host.Size().Width, hang(line))) : lines;

    /// <summary>Breaks lines that are wider than the terminal.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="host">The terminal, if there is one.</param>
    /// <param name="indent">The blanks before the further lines of a line.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> WrapFor(this IEnumerable<Line> lines, CliHost host, int indent) =>
        lines.WrapFor(host, _ => new string(' ', indent));

    /// <summary>Breaks a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="width">The width, in cells.</param>
    /// <param name="hang">What the further lines begin with.</param>
    /// <returns>The lines. A word that is wider than a line stays whole.</returns>
    public static IEnumerable<Line> Wrap(Line line, int width, string hang)
    {
        if (line.Width <= width || width - hang.GetCellWidth() < MinWidth)
        {
            yield return line;
            yield break;
        }

        var room = hang.GetCellWidth(); // where a line ends at that width, a further line gains nothing
        var (current, gap, isEmpty) = (new Line(), new Line(), true);
        foreach (var word in Words(line))
        {
            if (word.ToString().Length == 0)
            {
                gap = word;
                continue;
            }

            if (!isEmpty && current.Width + gap.Width + word.Width > width && current.Width + gap.Width > room)
            {
                yield return current;
                (current, gap) = (new Line().Add(hang, Palette.Quiet), new Line());
            }

            (current, gap, isEmpty) = (current.Add(gap).Add(word), new Line(), false);
        }

        yield return current;
    }

    // Words and the blanks between them; the parts of a word may have several styles.
    private static IEnumerable<Line> Words(Line line)
    {
        Line? word = null;
        var wasBlank = false;
        foreach (var (text, style) in line.Segments.SelectMany(Runs))
        {
            var isBlank = text[0] == ' ';
            if (word is not null && isBlank != wasBlank)
            {
                yield return word;
                word = null;
            }

            (word, wasBlank) = ((word ?? new Line()).Add(text, style), isBlank);
        }

        if (word is not null)
        {
            yield return word;
        }
    }

    private static IEnumerable<(string Text, Style Style)> Runs(Segment segment)
    {
        var text = segment.Text;
        for (var start = 0; start < text.Length;)
        {
            var end = start + 1;
            while (end < text.Length && (text[end] == ' ') == (text[start] == ' '))
            {
                end++;
            }

            yield return (text[start..end], segment.Style);
            start = end;
        }
    }
}
