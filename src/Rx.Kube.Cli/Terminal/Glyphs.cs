namespace Rx.Kube.Cli.Terminal;

/// <summary>The signs that carry what colour says a second time.</summary>
/// <param name="Ready">A ready endpoint.</param>
/// <param name="Terminating">An endpoint that goes away and still serves.</param>
/// <param name="Stopped">An endpoint that goes away and no longer serves.</param>
/// <param name="NotReady">An endpoint that is not ready.</param>
/// <param name="Gone">An endpoint that was removed.</param>
/// <param name="Arrow">From an old value to a new one.</param>
/// <param name="Rule">A horizontal line.</param>
/// <param name="Dot">Between two facts.</param>
/// <param name="Bar">A piece of a horizontal bar.</param>
/// <param name="Mark">Where a bar should end.</param>
internal sealed record Glyphs(
    string Ready, string Terminating, string Stopped, string NotReady, string Gone, string Arrow, char Rule, string Dot, char Bar, char Mark)
{
    /// <summary>For terminals that speak Unicode.</summary>
    public static Glyphs Unicode { get; } = new("●", "◐", "◌", "○", "×", "→", '─', "·", '■', '│');

    /// <summary>For the others, and for lines that other programs read.</summary>
    public static Glyphs Ascii { get; } = new("*", "%", ".", "o", "x", "->", '-', "|", '#', '|');
}
