using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Simulation;

/// <summary><c>rxkube simulate</c>.</summary>
internal static class SimulateCommand
{
    /// <summary>Plays the steps with every algorithm and prints what came of them.</summary>
    /// <param name="settings">What to play.</param>
    /// <param name="host">The world outside.</param>
    /// <returns>The exit code.</returns>
    public static int Run(SimulateSettings settings, CliHost host)
    {
        var outcomes = settings.Algorithms.Select(a => Simulation.Run.Of(a, settings, host.Scheduler)).ToList();
        var printer = host.UsesColor(settings.Color) ? LinePrinter.Colored : LinePrinter.Plain;
        var text = settings.Output == OutputFormat.Json
            ? SimulationJson.Line(outcomes, settings) + "\n"
            : string.Concat(SimulationTable.Lines(outcomes, settings).Select(l => printer.Print(l) + "\n"));
        try
        {
            OutputClosedException.Write(host.Out, text);
        }
        catch (OutputClosedException)
        {
        }

        return ExitCode.Stopped;
    }
}
