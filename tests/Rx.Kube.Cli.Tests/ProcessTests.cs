using System.Diagnostics;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Tests;

/// <summary>What only a process of its own can show: signals, and pipes that nobody reads.</summary>
public class ProcessTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task ASignal_EndsItPromptly_WithZero(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tool = Start("exec dotnet \"$0\" watch cache --demo -o json", TheTool());
        Assert.StartsWith("{\"service\":\"demo/cache\"", await tool.StandardOutput.ReadLineAsync().WaitAsync(_patience), StringComparison.Ordinal);
        using var kill = Start("kill -s $0 $1", signal, tool.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var rest = tool.StandardOutput.ReadToEndAsync();
        await tool.WaitForExitAsync().WaitAsync(_patience);
        Assert.Equal(ExitCode.Stopped, tool.ExitCode);
        Assert.Equal("", await tool.StandardError.ReadToEndAsync());
        Assert.DoesNotContain('\e', await rest);
    }

    [Fact]
    public async Task WhenNobodyReadsAnyMore_ItEndsQuietly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tool = Start("{ dotnet \"$0\" watch cache --demo -o json; echo exit $? >&2; } | head -n 1", TheTool());
        Assert.Equal("exit 0\n", await tool.StandardError.ReadToEndAsync().WaitAsync(_patience));
    }

    private static string TheTool() => Path.Combine(AppContext.BaseDirectory, "rxkube.dll");

    private static Process Start(string command, params string[] args) => Process.Start(new ProcessStartInfo("sh", ["-c", command, .. args])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
