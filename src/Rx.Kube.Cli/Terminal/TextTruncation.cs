using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Truncates text to a width in cells.</summary>
internal static class TextTruncation
{
    private const string Ellipsis = "…";

    /// <summary>Truncates at the end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width in cells.</param>
    /// <returns>The text, or its beginning and an ellipsis.</returns>
    public static string End(string text, int width) =>
        width <= 0 ? "" : text.GetCellWidth() <= width ? text : Head(text, width - 1) + Ellipsis;

    /// <summary>Truncates in the middle, because the names of pods differ at the end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The width in cells.</param>
    /// <returns>The text, or its beginning, an ellipsis and its end.</returns>
    public static string Middle(string text, int width)
    {
        if (width <= 3 || text.GetCellWidth() <= width)
        {
            return End(text, width);
        }

        var tail = Tail(text, width / 2);
        return Head(text, width - 1 - tail.GetCellWidth()) + Ellipsis + tail;
    }

    private static string Head(string text, int width)
    {
        var (length, cells) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            cells += rune.ToString().GetCellWidth();
            if (cells > width)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    private static string Tail(string text, int width)
    {
        var start = text.Length;
        for (var cells = 0; start > 0;)
        {
            var step = start > 1 && char.IsLowSurrogate(text[start - 1]) ? 2 : 1;
            cells += text[(start - step)..start].GetCellWidth();
            if (cells > width)
            {
                break;
            }

            start -= step;
        }

        return text[start..];
    }
}
