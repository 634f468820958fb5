using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Defines the styles. They use only the sixteen colours of the terminal's theme, so that light and dark themes work.</summary>
internal static class Palette
{
    public static Style Plain { get; } = Style.Plain;

    public static Style Strong { get; } = new(decoration: Decoration.Bold);

    public static Style Quiet { get; } = new(decoration: Decoration.Dim);

    public static Style Cursor { get; } = new(decoration: Decoration.Invert);

    public static Style Good { get; } = new(Color.Green);

    public static Style Warn { get; } = new(Color.Olive);

    public static Style Bad { get; } = new(Color.Maroon);

    public static Style Info { get; } = new(Color.Teal);

    public static Style Added { get; } = new(Color.Green, decoration: Decoration.Bold);

    public static Style Updated { get; } = new(Color.Olive, decoration: Decoration.Bold);

    public static Style Removed { get; } = new(Color.Maroon, decoration: Decoration.Strikethrough);

    public static Style LiveBadge { get; } = new(Color.Black, Color.Green, Decoration.Bold);

    public static Style LateBadge { get; } = new(Color.Black, Color.Olive, Decoration.Bold);

    public static Style StaleBadge { get; } = new(Color.White, Color.Maroon, Decoration.Bold);

    public static Style SyncingBadge { get; } = new(Color.Black, Color.Teal, Decoration.Bold);
}
