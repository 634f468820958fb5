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

    /// <summary>Gets whether the lines stay on the terminal at the end: without what only a live table needs.</summary>
    public bool IsLast { get; init; }
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
