using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Implements <c>rxkube simulate</c>.</summary>
internal static class SimulateCommand
{
    /// <summary>Runs the steps with every algorithm and prints the results.</summary>
    /// <param name="settings">The settings of the simulation.</param>
    /// <param name="host">The terminal and the clock.</param>
    /// <returns>The exit code.</returns>
    public static int Run(SimulateSettings settings, CliHost host)
    {
        var results = settings.Algorithms.Select(a => SimulationRunner.Run(a, settings, host.Scheduler)).ToList();
        var printer = host.UsesColor(settings.Color) ? LinePrinter.Colored : LinePrinter.Plain;
        var text = settings.Output == OutputFormat.Json
            ? SimulationJson.Line(results, settings) + "\n"
            : string.Concat(SimulationTable.Lines(results, settings).Select(l => printer.Print(l) + "\n"));
        host.Out.Write(text);
        return ExitCode.Stopped;
    }
}
