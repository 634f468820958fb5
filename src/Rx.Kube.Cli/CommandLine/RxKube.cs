using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Rx.Kube.Cli.Agreeing;
using Rx.Kube.Cli.Completing;
using Rx.Kube.Cli.Doctor;
using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Explaining;
using Rx.Kube.Cli.Granting;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Recordings;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Simulation;
using Rx.Kube.Cli.Templates;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Trees;
using Rx.Kube.Cli.Waiting;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>Parses the arguments, runs a command and returns the exit code.</summary>
internal static class RxKube
{
    private const int MaxMessage = 4000;

    /// <summary>Runs the tool.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots; null for a cluster or the demonstration.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CliHost host, OpenSource? open = null)
    {
        var error = GuardedWriter.Error(host.Error);
        host = host with
        {
            Out = GuardedWriter.Output(host.Out),
            Error = host.IsErrorTerminal ? new MessageWriter(error, () => host.Size().Width) : error,
        };
        var root = CreateRoot(host, open ?? WatchSources.OpenAsync);

        // An argument that starts with @ is a plain argument, not a response file.
        var parsed = root.Parse(KubectlArguments.Rewrite(root, args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var mistake in UsageErrors.Of(parsed, root, args))
            {
                await host.Error.WriteLineAsync($"rxkube: {TerminalText.Escape(mistake, MaxMessage)}").ConfigureAwait(false);
            }

            var command = parsed.CommandResult.Command;
            var name = command == root ? "" : command.Name + " ";
            await host.Error.WriteLineAsync($"Run 'rxkube {name}--help' for usage.").ConfigureAwait(false);
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
        catch (OutputException e) when (e.IsClosed)
        {
            return ExitCode.Stopped;
        }
        catch (OutputException e)
        {
            await host.Error.WriteLineAsync(ErrorMessages.Unwritable(e)).ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (UsageException e)
        {
            await host.Error.WriteLineAsync($"rxkube: {TerminalText.Escape(e.Message, MaxMessage)}").ConfigureAwait(false);
            return ExitCode.Usage;
        }
        catch (Exception e)
        {
            await host.Error.WriteLineAsync(ErrorMessages.Defect(e)).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    /// <summary>Creates the root command with all commands.</summary>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <returns>The root command.</returns>
    public static RootCommand CreateRoot(CliHost host, OpenSource open)
    {
        var root = new RootCommand("Watch the endpoints behind a Kubernetes Service, and who owns which key.");
        AddCommands(root, host, open);
        ClusterNames.AddTo(root, host, open);
        AddHelp(root);
        Suggestions.AddTo(root);
        return root;
    }

    private static void AddCommands(RootCommand root, CliHost host, OpenSource open)
    {
        var watchOptions = new ServiceOptions("The Service whose endpoints to watch.", OutputOptions.Format(
            "table: redrawn on a terminal. text: a line per change (+ added, ~ updated, - removed, = live, ! stale). " +
            "json: a line per snapshot. Default: table on a terminal, else text.",
            _ => Shapes.Watch, OutputFormat.Table, OutputFormat.Text, OutputFormat.Json));
        var watch = new Command("watch", "Watch the endpoints of a Service live.");
        watchOptions.AddTo(watch, hasHold: true);
        watch.SetAction((result, _) => WatchCommand.RunAsync(watchOptions.Read(result), host, open));
        root.Subcommands.Add(watch);

        var ringOptions = new RingOptions();
        var ring = new Command("ring", "Watch the hash ring of a Service: the share of keys of each member, and what each change moves.");
        ringOptions.AddTo(ring);
        ring.SetAction((result, _) => RingCommand.RunAsync(ringOptions.Read(result), host, open));
        root.Subcommands.Add(ring);

        var explainOptions = new ExplainOptions();
        var explain = new Command("explain", "Explain which members of a Service own a key, and why.");
        explainOptions.AddTo(explain);
        explain.SetAction((result, _) => ExplainCommand.RunAsync(explainOptions.Read(result), host, open));
        root.Subcommands.Add(explain);

        var simulateOptions = new SimulateOptions();
        var simulate = new Command(
            "simulate", "Compare how many keys hashing algorithms move when members join and leave. No cluster is needed.");
        simulateOptions.AddTo(simulate);
        simulate.SetAction(result => SimulateCommand.Run(simulateOptions.Read(result), host));
        root.Subcommands.Add(simulate);
        AddExaminations(root, host, open);
        AddRecordings(root, host, open);
        AddCompletion(root, host);
    }

    private static void AddExaminations(RootCommand root, CliHost host, OpenSource open)
    {
        var doctorOptions = new DoctorOptions();
        var doctor = new Command(
            "doctor", "Examine the way to the API server, the permissions and a Service, and say what to repair first.");
        doctorOptions.AddTo(doctor);
        doctor.SetAction((result, _) => DoctorCommand.RunAsync(doctorOptions.Read(result), host, open));
        root.Subcommands.Add(doctor);

        var rbacOptions = new RbacOptions();
        var rbac = new Command(
            "rbac", "Print the least Role and RoleBinding that a command or an application needs, for kubectl apply -f -.");
        rbacOptions.AddTo(rbac);
        rbac.SetAction(result => RbacCommand.Run(rbacOptions.Read(result), host));
        root.Subcommands.Add(rbac);

        var waitOptions = new WaitOptions();
        var wait = new Command("wait", "Wait until a Service has so many members or a certain ring, for scripts.");
        waitOptions.AddTo(wait);
        wait.SetAction((result, _) => WaitCommand.RunAsync(waitOptions.Read(result), host, open));
        root.Subcommands.Add(wait);

        var treeOptions = new TreeOptions();
        var tree = new Command(
            "tree", "Show the slices, endpoints, pods and nodes of a Service, and why each endpoint gets traffic or not.");
        treeOptions.AddTo(tree);
        tree.SetAction((result, _) => TreeCommand.RunAsync(treeOptions.Read(result), host, open));
        root.Subcommands.Add(tree);

        var agreeOptions = new AgreeOptions();
        var agree = new Command(
            "agree", "Ask processes what they believe, and say who is behind the API server and who disagrees.");
        agreeOptions.AddTo(agree);
        agree.SetAction((result, _) => AgreeCommand.RunAsync(agreeOptions.Read(result), host, open));
        root.Subcommands.Add(agree);
    }

    private static void AddRecordings(RootCommand root, CliHost host, OpenSource open)
    {
        var recordOptions = new RecordOptions();
        var record = new Command("record", "Record what the watch of a Service receives, in a file without secrets, to replay it later.");
        recordOptions.AddTo(record);
        record.SetAction((result, _) => RecordCommand.RunAsync(recordOptions.Read(result), host, open));
        root.Subcommands.Add(record);

        var replayOptions = new ReplayOptions();
        var replay = new Command("replay", "Show a recording in the view of another command, or compare two. No cluster is needed.");
        replayOptions.AddTo(replay);
        replay.SetAction((result, _) => ReplayCommand.RunAsync(replayOptions.Read(result), host));
        root.Subcommands.Add(replay);
    }

    private static void AddCompletion(RootCommand root, CliHost host)
    {
        var options = new CompletionOptions();
        var completion = new Command("completion", "Print the script that completes commands, options and values in a shell.");
        options.AddTo(completion);
        completion.SetAction(result => CompletionCommand.Run(options.Read(result), host));
        root.Subcommands.Add(completion);
    }

    private static void AddHelp(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = standard.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(HelpTexts.For(parseResult.CommandResult.Command.Name));
            return exitCode;
        }
    }
}
