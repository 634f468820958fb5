using System.Text;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;

namespace Rx.Kube.Cli.Tests.Limits;

/// <summary>The tool holds fewer bytes than the library does by default.</summary>
[Collection("ToolProcess")] // it needs the processors
public class RetainedBytesTests
{
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_bytes_that_the_tool_holds_are_limited_to_128_MiB(int beyond)
    {
        // As many objects of the longest length as fit, less one, and two halves.
        int[] lengths = [.. Enumerable.Repeat(8 * MiB, 15), 4 * MiB, (4 * MiB) + beyond];
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = async (context, _) =>
            {
                context.Response.ContentType = "application/json";
                if (context.Request.Query.ContainsKey("watch"))
                {
                    await context.Response.Body.FlushAsync();
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }

                await context.Response.Body.WriteAsync("""{"metadata":{"resourceVersion":"5"},"items":["""u8.ToArray());
                for (var i = 0; i < lengths.Length; i++)
                {
                    await context.Response.Body.WriteAsync(Slice(i, lengths[i]));
                    await context.Response.Body.WriteAsync(i < lengths.Length - 1 ? ","u8.ToArray() : "]}"u8.ToArray());
                }
            },
        });
        using var config = new Kubeconfig(server.Url);
        var tool = new InProcessTool();
        tool.Start("watch", "cache", "--kubeconfig", config.Path, "-o", "text", "--timeout", "10s");
        if (beyond <= 0)
        {
            await tool.LineAsync("live at version 5");
            Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
            return;
        }

        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        Assert.Contains("the objects of the list have more than 134217728 bytes", tool.Error, StringComparison.Ordinal);
    }

    private static byte[] Slice(int number, int length)
    {
        var start = $$"""{"metadata":{"name":"s{{number}}","namespace":"prod","resourceVersion":"5","""
            + """ "labels":{"kubernetes.io/service-name":"cache"}},"addressType":"IPv4","endpoints":[],"x":""" + '"';
        return Encoding.UTF8.GetBytes(start.PadRight(length - 2, 'x') + "\"}");
    }
}
