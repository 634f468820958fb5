namespace Rx.Kube.Testing;

/// <summary>A marble diagram that cannot be read. The message shows the diagram with a caret under the place.</summary>
public sealed class MarbleFormatException : FormatException
{
    internal MarbleFormatException(string diagram, int column, string problem)
        : base($"{problem}, at column {column}:{Environment.NewLine}  {OneLine(diagram)}{Environment.NewLine}  {new string(' ', column - 1)}^") =>
        Column = column;

    /// <summary>Where, in characters, counted from 1.</summary>
    public int Column { get; }

    private static string OneLine(string diagram) => string.Concat(diagram.Select(c => char.IsControl(c) ? ' ' : c));
}
