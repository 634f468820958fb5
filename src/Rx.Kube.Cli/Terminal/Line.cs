using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rx.Kube.Cli.Terminal;

/// <summary>One line of styled text. What is added must be escaped before (<see cref="TerminalText.Escape"/>).</summary>
internal sealed class Line : IRenderable
{
    private readonly List<Segment> _segments = [];

    /// <summary>How many cells the line takes.</summary>
    public int Width { get; private set; }

    /// <summary>The pieces, in order.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Appends a piece.</summary>
    /// <param name="text">The text.</param>
    /// <param name="style">Its style; null for plain.</param>
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

    /// <summary>Fills up with a character to a width; does nothing when the line is already as wide.</summary>
    /// <param name="width">The width in cells.</param>
    /// <param name="style">The style of the filling.</param>
    /// <param name="with">The character, one cell wide.</param>
    /// <returns>This line.</returns>
    public Line PadTo(int width, Style? style = null, char with = ' ') =>
        Width < width ? Add(new string(with, width - Width), style) : this;

    /// <summary>Cuts what does not fit.</summary>
    /// <param name="width">The width in cells.</param>
    /// <returns>A line that is at most as wide.</returns>
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

            fitted.Add(Fitting.End(segment.Text, room), segment.Style);
            break;
        }

        return fitted;
    }

    /// <summary>The same line in a low voice.</summary>
    /// <returns>A line.</returns>
    public Line Dim()
    {
        var dim = new Line();
        foreach (var segment in _segments)
        {
            dim.Add(segment.Text, segment.Style.Decoration(segment.Style.Decoration | Decoration.Dim));
        }

        return dim;
    }

    /// <summary>The text without styles and without blanks at the end.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Concat(_segments.Select(s => s.Text)).TrimEnd();

    Measurement IRenderable.Measure(RenderOptions options, int maxWidth) => new(Width, Width);

    IEnumerable<Segment> IRenderable.Render(RenderOptions options, int maxWidth) => _segments;
}
