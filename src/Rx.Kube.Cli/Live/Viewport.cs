using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>Where a table is shown.</summary>
/// <param name="Width">The width in cells.</param>
/// <param name="Height">The height in lines; null for as many as it takes.</param>
/// <param name="Glyphs">The signs.</param>
/// <param name="Zone">The time zone of the times shown.</param>
/// <param name="Footer">What stands at the bottom: where the data comes from. Escaped.</param>
internal sealed record Viewport(int Width, int? Height, Glyphs Glyphs, TimeZoneInfo Zone, string Footer);
