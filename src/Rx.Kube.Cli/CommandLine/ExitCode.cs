namespace Rx.Kube.Cli.CommandLine;

/// <summary>Defines the exit codes of the tool.</summary>
internal static class ExitCode
{
    /// <summary>The user stopped the tool (Ctrl+C, SIGTERM, a closed output pipe), or the command printed everything.</summary>
    public const int Stopped = 0;

    /// <summary>The tool failed with an unexpected error, or a comparison found a difference.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The cluster cannot be used; standard error has the reason and the fix.</summary>
    public const int Cluster = 3;
}
