using System.Reactive.Concurrency;
using System.Text;
using Spectre.Console;

namespace Rx.Kube.Cli.Terminal;

/// <summary>The real world outside the tool.</summary>
internal static class SystemHost
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The process's own streams, terminal, environment and clock.</summary>
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
            Suspend = Signals.Suspend,
            Redraw = Signals.Redraw,
        };
    }

    // Also switches on the processing of control sequences where a terminal needs to be asked (Windows).
    private static bool CanDraw() =>
        Environment.GetEnvironmentVariable("TERM") != "dumb" && AnsiConsole.Create(new AnsiConsoleSettings()).Profile.Capabilities.Ansi;

    private static (int Width, int Height) Size()
    {
        try
        {
            return (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }

    /// <summary>
    /// The console's stream swallows a broken pipe, and the tool would go on writing to nobody; a file's stream reports it.
    /// It is only for pipes: on a file, it would not move the position that the shell's other commands share.
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
