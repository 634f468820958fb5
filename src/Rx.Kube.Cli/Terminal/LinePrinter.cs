using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Renders lines as text, plain or with colours.</summary>
internal sealed class LinePrinter
{
    private readonly IAnsiConsole? _console;

    private LinePrinter(IAnsiConsole? console) => _console = console;

    /// <summary>Gets a printer without control sequences.</summary>
    public static LinePrinter Plain { get; } = new(null);

    /// <summary>Gets a printer with the sixteen colours of the palette.</summary>
    public static LinePrinter Colored { get; } = new(AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Interactive = InteractionSupport.No,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        Out = new AnsiConsoleOutput(TextWriter.Null),
    }));

    /// <summary>Renders a line.</summary>
    /// <param name="line">The line.</param>
    /// <returns>The text, without a line end.</returns>
    public string Print(Line line) => _console is null ? line.ToString() : _console.ToAnsi(line);
}
