using System.Reactive.Concurrency;
using System.Text;
using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Creates the host of a real process.</summary>
internal static class SystemHost
{
    private static readonly (int Width, int Height) _usualSize = (80, 24);
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Creates a host with the streams, the terminal, the environment and the clock of the process.</summary>
    /// <returns>The host.</returns>
    public static CliHost Create()
    {
        var isRedirected = Console.IsOutputRedirected;
        return new CliHost
        {
            Out = isRedirected ? Pipe() : Console.Out,
            Error = Console.Error,
            IsTerminal = !isRedirected && CanDraw(),
            IsErrorTerminal = !Console.IsErrorRedirected,
            Size = Size,
            Variable = Environment.GetEnvironmentVariable,
            Glyphs = isRedirected || Console.OutputEncoding.WebName.StartsWith("utf", StringComparison.OrdinalIgnoreCase)
                ? Glyphs.Unicode : Glyphs.Ascii,
            TimeZone = TimeZoneInfo.Local,
            Scheduler = DefaultScheduler.Instance,
            Stop = Signals.Stop,
            OutputClosed = StandardOutput.Closed(DefaultScheduler.Instance),
            Keys = Keyboard.Keys,
            Suspend = Signals.Suspend,
            Redraw = Signals.Redraw,
        };
    }

    // This also enables control sequences on Windows terminals.
    private static bool CanDraw() =>
        Environment.GetEnvironmentVariable("TERM") != "dumb" && AnsiConsole.Create(new AnsiConsoleSettings()).Profile.Capabilities.Ansi;

    private static (int Width, int Height) Size()
    {
        try
        {
            // A serial line or a container can have a terminal of size 0x0.
            return (Console.WindowWidth, Console.WindowHeight) is ( > 0, > 0) size ? size : _usualSize;
        }
        catch (IOException)
        {
            return _usualSize;
        }
    }

    /// <summary>
    /// Opens standard output. The console stream ignores a broken pipe, so the tool would continue without a reader; a file stream
    /// reports it. A file stream is only for pipes: on a file it would not move the position that is shared with other commands.
    /// </summary>
    private static StreamWriter Pipe()
    {
        if (!OperatingSystem.IsWindows())
        {
            var file = new FileStream(
                new Microsoft.Win32.SafeHandles.SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!file.CanSeek)
            {
                return new StreamWriter(file, _utf8) { AutoFlush = true };
            }
        }

        return new StreamWriter(Console.OpenStandardOutput(), _utf8) { AutoFlush = true };
    }
}
