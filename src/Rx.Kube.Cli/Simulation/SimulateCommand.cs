using System.Reactive.Concurrency;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Implements <c>rxkube simulate</c>.</summary>
internal static class SimulateCommand
{
    // Most simulations are done before.
    private static readonly TimeSpan _progressInterval = TimeSpan.FromSeconds(5);

    /// <summary>Runs the steps with every algorithm and prints the results.</summary>
    /// <param name="settings">The settings of the simulation.</param>
    /// <param name="host">The terminal and the clock.</param>
    /// <returns>The exit code.</returns>
    public static int Run(SimulateSettings settings, CliHost host)
    {
        var (watch, next) = (host.Scheduler.StartStopwatch(), _progressInterval);
        var results = settings.Algorithms.Select(a => SimulationRunner.Run(a, settings, host.Scheduler, (step, all) =>
        {
            if (watch.Elapsed >= next)
            {
                next = watch.Elapsed + _progressInterval;
                host.Error.WriteLine($"rxkube: {a.Name}: step {step} of {all}");
            }
        })).ToList();
        var printer = host.UsesColor(settings.Color) ? LinePrinter.Colored : LinePrinter.Plain;
        var text = settings.Output == OutputFormat.Json
            ? SimulationJson.Line(results, settings) + "\n"
            : string.Concat(SimulationTable.Lines(results, settings, host.IsTerminal ? host.Size().Width : int.MaxValue)
                .WrapFor(host, indent: 2).Select(l => printer.Print(l) + "\n"));
        host.Out.Write(text);
        return ExitCode.Stopped;
    }
}
