using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Describes the output of a table: its size and its signs.</summary>
/// <param name="Width">The width in cells.</param>
/// <param name="Height">The height in lines; null means no limit.</param>
/// <param name="Glyphs">The signs.</param>
/// <param name="Zone">The time zone of the times shown.</param>
/// <param name="Footer">The text at the bottom: the origin of the data. Escaped.</param>
internal sealed record Viewport(int Width, int? Height, Glyphs Glyphs, TimeZoneInfo Zone, string Footer);
