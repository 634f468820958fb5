using System.Text.Json.Nodes;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.ToolProcess;

/// <summary>Runs the tool as a process whose output cannot be written.</summary>
[Collection("ToolProcess")] // one process at a time: the other tests need the processors, too
public class OutputTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("watch --help")]
    [InlineData("simulate --members 2000 --steps 1 --keys 10 --no-cost")]
    [InlineData("watch cache --demo -o json")]
    public async Task A_pipe_that_closes_early_ends_the_tool_with_zero_and_no_text(string command)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var (_, error) = await ToolRun.RunAsync($"{{ sleep 0.2; rxkube {command}; echo exit $? >&2; }} | :");
        Assert.Equal("exit 0\n", error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("simulate --members 3 --steps 1 --no-cost")]
    [InlineData("watch cache --demo --once")]
    [InlineData("ring cache --demo -o json")]
    public async Task A_full_disk_is_one_line_and_exit_code_one(string command)
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        var (_, error) = await ToolRun.RunAsync($"rxkube {command} >/dev/full; echo exit $? >&2");
        Assert.Equal(
            """
            rxkube: standard output cannot be written: No space left on device. To fix: free space on the disk, or write to another place.
            exit 1

            """,
            error[(error.IndexOf("rxkube: standard", StringComparison.Ordinal) is > 0 and var at ? at : 0)..]);
    }

    [Theory]
    [InlineData("2>/dev/full", "exit 2\n")]
    [InlineData("2>&-", "exit 2\n")]
    public async Task Standard_error_that_cannot_be_written_does_not_change_the_exit_code(string redirection, string expected)
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        Assert.Equal((expected, ""), await ToolRun.RunAsync($"rxkube wacth {redirection}; echo exit $?"));
    }

    [Fact]
    public async Task A_standard_output_that_is_not_open_is_one_line_and_exit_code_one()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var (_, error) = await ToolRun.RunAsync("rxkube --help >&-; echo exit $? >&2");
        Assert.Matches("^rxkube: standard output cannot be written: [^\n]*\nexit 1\n$", error);
    }

    [Fact]
    public async Task Head_ends_the_tool_on_a_quiet_service()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Only a write finds a closed pipe there.
        }

        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        server.Cluster.Create("endpointslices", JsonNode.Parse(SliceJson.Manifest(
            Slice.Of("cache-a", service: "cache", @namespace: "prod").With("cache-0", "10.0.0.1")))!.AsObject());
        var (output, error) = await ToolRun.RunAsync(
            $"{{ rxkube watch cache --kubeconfig {config.Path}; echo exit $? >&2; }} | head -n 1");
        Assert.Contains("= live at version", output, StringComparison.Ordinal);
        Assert.Equal("exit 0\n", error);
    }
}
