using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Provides the terminal, the clock, the environment and the signals. Tests replace it.</summary>
internal sealed record CliHost
{
    /// <summary>Gets standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Gets standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Gets whether standard output is a terminal with control sequences.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Gets whether standard error is a terminal, so that writing to it would damage a live screen.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Gets a function that returns the current size of the terminal in cells.</summary>
    public Func<(int Width, int Height)> Size { get; init; } = () => (80, 24);

    /// <summary>Gets a function that reads an environment variable; null if it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>Gets the signs that the terminal can show.</summary>
    public Glyphs Glyphs { get; init; } = Glyphs.Unicode;

    /// <summary>Gets the time zone of the times on the screen.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Gets the clock.</summary>
    public required IScheduler Scheduler { get; init; }

    /// <summary>Gets where files are opened and read: by default, each on a thread of its own, because a file may hang.</summary>
    public IScheduler Files { get; init; } = new NewThreadScheduler(start => new Thread(start) { IsBackground = true });

    /// <summary>Gets an observable that emits when the user stops the tool.</summary>
    public required IObservable<Unit> Stop { get; init; }

    /// <summary>Gets an observable that emits after the reader of standard output has closed it, even if nothing is written.</summary>
    public IObservable<Unit> OutputClosed { get; init; } = Observable.Never<Unit>();

    /// <summary>Gets an observable of the keys that the user presses; while it is subscribed, the terminal does not echo them.</summary>
    public IObservable<KeyPress> Keys { get; init; } = Observable.Never<KeyPress>();

    /// <summary>Gets an observable that emits before the process is suspended (Ctrl+Z).</summary>
    public required IObservable<Unit> Suspend { get; init; }

    /// <summary>Gets an observable that emits when the screen must be redrawn: after a resize and after a suspension.</summary>
    public required IObservable<Unit> Redraw { get; init; }

    /// <summary>Gets a function that creates what sends requests to other processes. It follows no redirects.</summary>
    public Func<HttpMessageHandler> Http { get; init; } = () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };

    /// <summary>Checks whether to print with colours.</summary>
    /// <param name="mode">The value of <c>--color</c>.</param>
    /// <returns>True to print with colours.</returns>
    public bool UsesColor(ColorMode mode) => mode switch
    {
        ColorMode.Always => true,
        ColorMode.Never => false,
        _ => IsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")),
    };
}
