namespace Rx.Kube.Cli.CommandLine;

/// <summary>The exit codes.</summary>
internal static class ExitCode
{
    /// <summary>Stopped by the user (Ctrl+C, SIGTERM, nobody reads the output any more), or <c>--once</c> has printed.</summary>
    public const int Stopped = 0;

    /// <summary>Anything else: a defect of the tool.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage.</summary>
    public const int Usage = 2;

    /// <summary>The cluster cannot be used.</summary>
    public const int Cluster = 3;
}
