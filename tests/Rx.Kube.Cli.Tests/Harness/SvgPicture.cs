using System.Globalization;
using System.Text;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Draws lines as a terminal does, as an SVG picture for the documentation.</summary>
internal static class SvgPicture
{
    private const double CellWidth = 8.4;
    private const int CellHeight = 18;
    private const int Margin = 14;
    private const int Bar = 30;

    private static readonly Dictionary<Color, string> _colors = new()
    {
        [Color.Black] = "#1c2128",
        [Color.Maroon] = "#f47067",
        [Color.Green] = "#6bc46d",
        [Color.Olive] = "#daaa3f",
        [Color.Teal] = "#56d4dd",
        [Color.White] = "#ffffff",
    };

    public static string Of(IReadOnlyList<Line> lines, int width, string title)
    {
        var (w, h) = ((width * CellWidth) + (2 * Margin), (lines.Count * CellHeight) + (2 * Margin) + Bar);
        var svg = new StringBuilder();
        Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:0.#} {h}\" width=\"{w:0.#}\" height=\"{h}\" ");
        Append($"font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" ");
        Append($"font-size=\"14\" fill=\"#cdd9e5\">\n");
        Append($"<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1c2128\"/>\n");
        foreach (var (index, color) in new[] { "#f47067", "#daaa3f", "#6bc46d" }.Index())
        {
            Append($"<circle cx=\"{Margin + 6 + (index * 20)}\" cy=\"18\" r=\"6\" fill=\"{color}\"/>\n");
        }

        Append($"<text x=\"{w / 2:0.#}\" y=\"23\" text-anchor=\"middle\" opacity=\".6\">{Escape(title)}</text>\n");
        foreach (var (row, line) in lines.Index())
        {
            var column = 0;
            foreach (var segment in line.Segments)
            {
                var cells = segment.Text.GetCellWidth();
                Piece(segment.Text, segment.Style, Margin + (column * CellWidth), Bar + Margin + (row * CellHeight), cells * CellWidth);
                column += cells;
            }
        }

        return svg.Append("</svg>\n").ToString();

        void Piece(string text, Style style, double x, double y, double length)
        {
            if (style.Background != Color.Default)
            {
                Append($"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{length:0.#}\" height=\"{CellHeight}\" ");
                Append($"fill=\"{_colors[style.Background]}\"/>\n");
            }

            if (string.IsNullOrWhiteSpace(text))
            {
                return;
            }

            var fill = style.Foreground == Color.Default ? "" : $" fill=\"{_colors[style.Foreground]}\"";
            var bold = style.Decoration.HasFlag(Decoration.Bold) ? " font-weight=\"bold\"" : "";
            var dim = style.Decoration.HasFlag(Decoration.Dim) ? " opacity=\".6\"" : "";
            var struck = style.Decoration.HasFlag(Decoration.Strikethrough) ? " text-decoration=\"line-through\"" : "";
            Append($"<text x=\"{x:0.#}\" y=\"{y + 14:0.#}\" textLength=\"{length:0.#}\" ");
            Append($"xml:space=\"preserve\"{fill}{bold}{dim}{struck}>{Escape(text)}</text>\n");
        }

        void Append(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
