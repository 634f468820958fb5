using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Turns lines into what is written: with colours as far as the terminal has them, or plain.</summary>
internal sealed class LinePrinter
{
    private readonly IAnsiConsole? _console;

    private LinePrinter(IAnsiConsole? console) => _console = console;

    /// <summary>No colours and no other control sequences.</summary>
    public static LinePrinter Plain { get; } = new(null);

    /// <summary>With as many colours as the palette needs.</summary>
    public static LinePrinter Colored { get; } = new(AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Interactive = InteractionSupport.No,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        Out = new AnsiConsoleOutput(TextWriter.Null),
    }));

    /// <summary>What to write for a line.</summary>
    /// <param name="line">The line.</param>
    /// <returns>The text, without a line end.</returns>
    public string Print(Line line) => _console is null ? line.ToString() : _console.ToAnsi(line);
}
