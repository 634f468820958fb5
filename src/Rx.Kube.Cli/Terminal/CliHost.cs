using System.Reactive;
using System.Reactive.Concurrency;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Terminal;

/// <summary>The world outside the tool: what a test replaces.</summary>
internal sealed record CliHost
{
    /// <summary>Standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether standard output is a terminal that can be drawn on.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether standard error is the same terminal, so that writing there would spoil a live screen.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>The size of the terminal in cells, as it is now.</summary>
    public Func<(int Width, int Height)> Size { get; init; } = () => (80, 24);

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>The signs the terminal can show.</summary>
    public Glyphs Glyphs { get; init; } = Glyphs.Unicode;

    /// <summary>The time zone of times on the screen.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>All time.</summary>
    public required IScheduler Scheduler { get; init; }

    /// <summary>A value when the user wants the tool to stop.</summary>
    public required IObservable<Unit> Stop { get; init; }

    /// <summary>A value when the process is about to be put into the background (Ctrl+Z).</summary>
    public required IObservable<Unit> Suspend { get; init; }

    /// <summary>A value when the terminal may have lost what was drawn: resized, or back from the background.</summary>
    public required IObservable<Unit> Redraw { get; init; }

    /// <summary>Whether to print with colours.</summary>
    /// <param name="mode">What was asked for.</param>
    /// <returns>True if so.</returns>
    public bool UsesColor(ColorMode mode) => mode switch
    {
        ColorMode.Always => true,
        ColorMode.Never => false,
        _ => IsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")),
    };
}
