using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Implements <c>rxkube doctor</c>.</summary>
internal static class DoctorCommand
{
    private const int DefaultWidth = 120;

    /// <summary>Examines the way to the API server and the Service, and prints what to repair first and the checklist.</summary>
    /// <param name="settings">What to examine.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the connection.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(DoctorSettings settings, CliHost host, OpenSource open)
    {
        using var diagnostics = new Diagnostics(host.Error, screen: null);
        var examination = new Examination(settings, host, open, diagnostics.Write);
        var report = await Observable.FromAsync(ct => examination.RunAsync(diagnostics.Notice, ct))
            .TakeUntil(host.Stop.Merge(host.OutputClosed)).LastOrDefaultAsync().ToTask().ConfigureAwait(false);
        if (report is null)
        {
            return ExitCode.Failed; // stopped: it is not known that all is well
        }

        var printer = host.UsesColor(settings.Watch.Color) ? LinePrinter.Colored : LinePrinter.Plain;
        var block = settings.Watch.Output == OutputFormat.Json ? DoctorJson.Block(report)
            : OutputBlock.Lines(Lines(report, host).Select(printer.Print));
        block.Through(settings.Watch.Template).WriteTo(host.Out);
        return report.IsBlocked ? ExitCode.Cluster : report.First is null ? ExitCode.Stopped : ExitCode.Failed;
    }

    private static IEnumerable<Line> Lines(Report report, CliHost host) => host.IsTerminal
        ? DoctorText.Lines(report, host.Size(), host.Glyphs == Glyphs.Unicode)
        : DoctorText.Lines(report, DefaultWidth, host.Glyphs == Glyphs.Unicode);
}
