using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Completing;

/// <summary>Implements <c>rxkube completion</c>.</summary>
internal static class CompletionCommand
{
    /// <summary>Prints the script of a shell.</summary>
    /// <param name="settings">The shell.</param>
    /// <param name="host">The terminal.</param>
    /// <returns>The exit code.</returns>
    public static int Run(CompletionSettings settings, CliHost host)
    {
        host.Out.Write(CompletionScripts.ByShell[settings.Shell].ReplaceLineEndings("\n") + "\n");
        return ExitCode.Stopped;
    }
}
