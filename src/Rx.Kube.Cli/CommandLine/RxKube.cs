using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>The tool: from arguments to an exit code.</summary>
internal static class RxKube
{
    private const string MoreHelp = """

        The table:
          ● ready   ◐ terminating, still serving   ◌ stopped: terminating, no longer serving   ○ not ready
          + - ~ at the left: added, removed, updated within the last 5 seconds. CHANGED: how long ago; >5m: not since the start,
          5 minutes ago. A dimmed table is stale: the line above it says why, and when the next attempt is.

        Exit codes:
          0  stopped by the user (Ctrl+C, SIGTERM, nobody reads the output any more), or --once has printed
          2  wrong usage
          3  the cluster cannot be used; standard error says why and what to do
          1  anything else

        Examples:
          rxkube watch cache --demo                      see what it looks like, without a cluster
          rxkube watch cache -n prod                     a live table of the endpoints of the Service cache
          rxkube watch cache -n prod -o json | jq -c .   one line of JSON per snapshot
          rxkube watch cache --once --timeout 5s         the state of now, for scripts

        Put on the PATH under the name kubectl-rxkube it is a kubectl plugin: kubectl rxkube watch cache
        It needs the right to list and watch endpointslices.discovery.k8s.io, and nothing else.
        """;

    /// <summary>Runs the tool.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="host">The world outside.</param>
    /// <param name="open">Opens what to watch; tests give their own.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CliHost host, OpenSource? open = null)
    {
        var options = new WatchOptions();
        var watch = new Command("watch", "Watch the endpoints of a Service: who is behind it, now.");
        options.AddTo(watch);
        watch.SetAction((result, _) => WatchCommand.RunAsync(options.Read(result), host, open ?? Sources.OpenAsync));

        var root = new RootCommand("See which endpoints are behind a Kubernetes Service, now.");
        root.Subcommands.Add(watch);
        AddHelp(root);

        // A @ in an argument is no response file; nothing else of the command line is special either.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await host.Error.WriteLineAsync($"rxkube: {TerminalText.Escape(error.Message)}").ConfigureAwait(false);
            }

            await host.Error.WriteLineAsync("Run 'rxkube watch --help' for usage.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await host.Error.WriteLineAsync(Failure.Defect(e)).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static void AddHelp(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithMore((HelpAction)help.Action!);
    }

    private sealed class HelpWithMore(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = usual.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(MoreHelp);
            return exitCode;
        }
    }
}
