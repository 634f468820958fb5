namespace Rx.Kube.Cli.Terminal;

/// <summary>Defines the signs that repeat the meaning of the colours.</summary>
/// <param name="Ready">A ready endpoint.</param>
/// <param name="Terminating">A terminating endpoint that still serves.</param>
/// <param name="Stopped">A terminating endpoint that no longer serves.</param>
/// <param name="NotReady">An endpoint that is not ready.</param>
/// <param name="Gone">An endpoint that was removed.</param>
/// <param name="Arrow">The separator of an old and a new value.</param>
/// <param name="Rule">A horizontal line.</param>
/// <param name="Dot">The separator of two facts.</param>
/// <param name="Bar">One cell of a horizontal bar.</param>
/// <param name="Mark">The mark of the ideal end of a bar.</param>
internal sealed record Glyphs(
    string Ready, string Terminating, string Stopped, string NotReady, string Gone, string Arrow,
    char Rule, string Dot, char Bar, char Mark)
{
    /// <summary>Gets the signs for terminals with Unicode.</summary>
    public static Glyphs Unicode { get; } = new("●", "◐", "◌", "○", "×", "→", '─', "·", '■', '│');

    /// <summary>Gets the signs for other terminals and for lines that programs read.</summary>
    public static Glyphs Ascii { get; } = new("*", "%", ".", "o", "x", "->", '-', "|", '#', '|');
}
