using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Represents one line of styled text. Text must be escaped before it is added (<see cref="TerminalText.Escape"/>).</summary>
internal sealed class Line : IRenderable
{
    private readonly List<Segment> _segments = [];

    /// <summary>Gets the width in cells.</summary>
    public int Width { get; private set; }

    /// <summary>Gets the pieces in order.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Appends a piece.</summary>
    /// <param name="text">The text.</param>
    /// <param name="style">The style; null means plain.</param>
    /// <returns>This line.</returns>
    public Line Add(string text, Style? style = null)
    {
        if (text.Length > 0)
        {
            _segments.Add(new Segment(text, style ?? Style.Plain));
            Width += text.GetCellWidth();
        }

        return this;
    }

    /// <summary>Appends the pieces of another line.</summary>
    /// <param name="other">The other line.</param>
    /// <returns>This line.</returns>
    public Line Add(Line other)
    {
        _segments.AddRange(other._segments);
        Width += other.Width;
        return this;
    }

    /// <summary>Pads the line with a character to a width. A line that is already as wide stays as it is.</summary>
    /// <param name="width">The width in cells.</param>
    /// <param name="style">The style of the padding.</param>
    /// <param name="with">The character, one cell wide.</param>
    /// <returns>This line.</returns>
    public Line PadTo(int width, Style? style = null, char with = ' ') =>
        Width < width ? Add(new string(with, width - Width), style) : this;

    /// <summary>Truncates the line to a width.</summary>
    /// <param name="width">The width in cells.</param>
    /// <returns>A line of at most that width.</returns>
    public Line Fit(int width)
    {
        if (Width <= width)
        {
            return this;
        }

        var fitted = new Line();
        foreach (var segment in _segments)
        {
            var room = width - fitted.Width;
            if (segment.Text.GetCellWidth() <= room)
            {
                fitted.Add(segment.Text, segment.Style);
                continue;
            }

            fitted.Add(TextTruncation.End(segment.Text, room), segment.Style);
            break;
        }

        return fitted;
    }

    /// <summary>Creates a dimmed copy of the line.</summary>
    /// <returns>The dimmed line.</returns>
    public Line Dim()
    {
        var dim = new Line();
        foreach (var segment in _segments)
        {
            dim.Add(segment.Text, segment.Style.Decoration(segment.Style.Decoration | Decoration.Dim));
        }

        return dim;
    }

    /// <summary>Gets the text without styles and trailing blanks.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Concat(_segments.Select(s => s.Text)).TrimEnd();

    Measurement IRenderable.Measure(RenderOptions options, int maxWidth) => new(Width, Width);

    IEnumerable<Segment> IRenderable.Render(RenderOptions options, int maxWidth) => _segments;
}
