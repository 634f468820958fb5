namespace Rx.Kube.Testing;

/// <summary>
/// The exception for a marble diagram that cannot be read. The message shows the diagram, or a part of a long one, with a caret under the
/// mistake.
/// </summary>
public sealed class MarbleFormatException : FormatException
{
    private const int Around = 100;

    internal MarbleFormatException(string diagram, int column, string problem)
        : base($"{problem}, at column {column}:{Shown(diagram, column)}") =>
        Column = column;

    /// <summary>Gets the column of the mistake in characters, counted from 1.</summary>
    public int Column { get; }

    /// <summary>The diagram and the caret; for a long diagram, the part around the mistake.</summary>
    private static string Shown(string diagram, int column)
    {
        var (from, to) = (Math.Max(0, column - Around), Math.Min(diagram.Length, column + Around));
        var line = string.Concat(diagram[from..to].Select(c => char.IsControl(c) ? ' ' : c));
        var (before, after) = (from > 0 ? "…" : "", to < diagram.Length ? "…" : "");
        var caret = new string(' ', before.Length + column - from - 1) + "^";
        return $"{Environment.NewLine}  {before}{line}{after}{Environment.NewLine}  {caret}";
    }
}
