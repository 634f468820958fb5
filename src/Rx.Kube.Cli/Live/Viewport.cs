using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Describes the output of a table: its size, its signs, and what the user looks at.</summary>
/// <param name="Width">The width in cells.</param>
/// <param name="Height">The height in lines; null means no limit.</param>
/// <param name="Glyphs">The signs.</param>
/// <param name="Zone">The time zone of the times shown.</param>
/// <param name="Footer">The text at the bottom: the origin of the data. Escaped.</param>
internal sealed record Viewport(int Width, int? Height, Glyphs Glyphs, TimeZoneInfo Zone, string Footer)
{
    /// <summary>Gets which rows the user looks at.</summary>
    public Browse Browse { get; init; } = Browse.Start;

    /// <summary>Gets what the filter has matched in the frames before.</summary>
    public FilterMemo Memo { get; init; } = new();

    /// <summary>Gets the marks of the user so far, newest first.</summary>
    public IReadOnlyList<LogEntry> Notes { get; init; } = [];

    /// <summary>Gets whether the lines stay on the terminal at the end: without what only a live table needs.</summary>
    public bool IsLast { get; init; }

    /// <summary>Selects the rows that the filter shows.</summary>
    /// <typeparam name="T">The type of the rows.</typeparam>
    /// <param name="rows">All rows.</param>
    /// <param name="source">What the rows are made from: while it is equal, the rows are.</param>
    /// <param name="shape">What the texts depend on beside the rows.</param>
    /// <param name="keyOf">Gets the immutable object that a row shows; null for a row that is not remembered.</param>
    /// <param name="text">Gets the visible text of a row.</param>
    /// <returns>The rows, and the line that describes the filter; null without a filter.</returns>
    public (IReadOnlyList<T> Rows, Line? Filter) Select<T>(
        IReadOnlyList<T> rows, object source, object shape, Func<T, object?> keyOf, Func<T, string> text)
    {
        if (Browse.Filter is not { } filter)
        {
            Memo.Clear();
            return (rows, null);
        }

        var matching = Memo.Select(rows, source, filter, shape, keyOf, text);
        return (matching, filter.Describe(matching.Count, rows.Count));
    }
}

/// <summary>Represents a drawn table.</summary>
/// <param name="Lines">
/// The lines, each at most as wide as the viewport. Their number is the height of the viewport if it has one, and at most that if they are
/// the last ones.
/// </param>
/// <param name="Extent">The rows that are seen.</param>
internal sealed record Picture(IReadOnlyList<Line> Lines, Extent Extent)
{
    /// <summary>Gets a picture without lines.</summary>
    public static Picture None { get; } = new([], Extent.None);
}
