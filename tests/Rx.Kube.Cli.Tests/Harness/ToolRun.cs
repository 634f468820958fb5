using System.Diagnostics;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Runs the tool as a process, in a line of the shell, so that a test can redirect its streams.</summary>
internal static class ToolRun
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    /// <summary>Starts a line of the shell, in which <c>rxkube</c> is the tool.</summary>
    public static Process Start(string line) => Process.Start(new ProcessStartInfo(
        "sh", ["-c", "rxkube() { dotnet \"$TOOL\" \"$@\"; }; " + line])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["TOOL"] = Path.Combine(AppContext.BaseDirectory, "rxkube.dll") },
    })!;

    /// <summary>Runs a line of the shell to its end. Its last line on standard error is <c>exit CODE</c> if it prints that.</summary>
    public static async Task<(string Out, string Error)> RunAsync(string line)
    {
        using var tool = Start(line);
        try
        {
            var (output, error) = (tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
            await tool.WaitForExitAsync().WaitAsync(_limit);
            return (await output, await error);
        }
        finally
        {
            tool.Kill(entireProcessTree: true);
        }
    }
}
