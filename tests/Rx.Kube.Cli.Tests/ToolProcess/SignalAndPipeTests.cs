using System.Diagnostics;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Tests.ToolProcess;

/// <summary>Tests that need a real process: signals and closed pipes.</summary>
[Collection("ToolProcess")] // one process at a time: the other tests need the processors, too
public sealed class SignalAndPipeTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rxkube-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_the_tool_with_zero(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tool = Start("exec dotnet \"$0\" watch cache --demo -o json", ToolPath());
        Assert.StartsWith(
            "{\"service\":\"demo/cache\"", await tool.StandardOutput.ReadLineAsync().WaitAsync(_limit), StringComparison.Ordinal);
        using var kill = Start("kill -s $0 $1", signal, tool.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var rest = tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync().WaitAsync(_limit);
        Assert.Equal(ExitCode.Stopped, tool.ExitCode);
        Assert.Equal("", await tool.StandardError.ReadToEndAsync());
        Assert.DoesNotContain('\e', await rest);
    }

    [Theory]
    [InlineData("INT", "watch cache --kubeconfig")]
    [InlineData("TERM", "watch cache --kubeconfig")]
    [InlineData("INT", "replay")]
    [InlineData("TERM", "replay")]
    [InlineData("INT", "record cache --demo --force -f")]
    public async Task A_signal_ends_the_tool_while_a_file_hangs(string signal, string command)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tool = Start($"mkfifo \"$1\" && exec dotnet \"$0\" {command} \"$1\"", ToolPath(), PipePath());
        await Task.Delay(TimeSpan.FromSeconds(2)); // nothing tells that it has started
        using var kill = Start("kill -s $0 $1", signal, tool.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await tool.WaitForExitAsync().WaitAsync(_limit);
        Assert.Equal(ExitCode.Stopped, tool.ExitCode);
        Assert.Equal("", await tool.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task A_timeout_ends_the_wait_for_a_kubeconfig_that_hangs()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tool = Start("mkfifo \"$1\" && exec dotnet \"$0\" watch cache --timeout 1s --kubeconfig \"$1\"", ToolPath(), PipePath());
        await tool.WaitForExitAsync().WaitAsync(_limit);
        Assert.Equal(ExitCode.Cluster, tool.ExitCode);
        Assert.StartsWith(
            "rxkube: no complete snapshot within 1s (--timeout): still waiting for the files of the configuration. To fix: ",
            await tool.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_pipe_ends_the_tool_with_zero()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tool = Start("{ dotnet \"$0\" watch cache --demo -o json; echo exit $? >&2; } | head -n 1", ToolPath());
        Assert.Equal("exit 0\n", await tool.StandardError.ReadToEndAsync().WaitAsync(_limit));
    }

    private string PipePath() => Path.Combine(_folder.FullName, "config");

    private static string ToolPath() => Path.Combine(AppContext.BaseDirectory, "rxkube.dll");

    private static Process Start(string command, params string[] args) => Process.Start(new ProcessStartInfo("sh", ["-c", command, .. args])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
