using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;

namespace Rx.Kube.Cli.Tests.ToolProcess;

/// <summary>
/// Runs the tool as a process, with a limited heap, against a server whose every answer is valid, and whose amounts are not.
/// </summary>
[Collection("ToolProcess")] // one process at a time: the other tests need the processors, too
public class HostileAmountTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    [InlineData("table")]
    public async Task Three_slices_of_a_thousand_endpoints_and_twenty_thousand_ports_are_printed_in_little_memory(string format)
    {
        var ports = string.Join(',', Enumerable.Range(1, 20_000).Select(i => $$"""{"port":{{i}}}"""));
        var slices = Enumerable.Range(0, 3).Select(s => Slice($"s{s}", "", ports, endpoints: string.Join(
            ',', Enumerable.Range(0, 1_000).Select(i => $$"""{"addresses":["10.{{s}}.{{i / 250}}.{{i % 250}}"]}"""))));
        var list = Encoding.UTF8.GetBytes($$"""{"metadata":{"resourceVersion":"5"},"items":[{{string.Join(',', slices)}}]}""");

        // The server's heap is not the tool's.
        var (code, written, error) = await RunAsync(
            heap: 100 << 20, (body, isWatch) => isWatch ? Never(body) : body.WriteAsync(list).AsTask(), ["-o", format, "--once"]);

        Assert.Equal(("", 0), (error, code));
        Assert.InRange(written, 10_000, long.MaxValue);
    }

    [Fact]
    public async Task Events_with_ever_new_names_and_long_labels_end_in_an_error_that_says_so()
    {
        var label = new string('x', 7_000_000);
        var (code, _, error) = await RunAsync(
            heap: 1_600 << 20,
            async (body, isWatch) =>
            {
                if (!isWatch)
                {
                    await body.WriteAsync("""{"metadata":{"resourceVersion":"5"},"items":[]}"""u8.ToArray());
                    return;
                }

                for (var i = 10; i < 60; i++)
                {
                    var line = $$"""{"type":"ADDED","object":{{Slice($"s{i}", label, "", "", i)}}}""" + "\n";
                    await body.WriteAsync(Encoding.UTF8.GetBytes(line));
                }
            },
            ["-o", "text"],
            until: "would be held");

        Assert.True(code is null, $"the tool exited with {code}: {error}");
    }

    [Fact]
    public async Task Empty_pages_without_an_end_are_named_when_the_time_is_over()
    {
        var pages = 0;
        var (code, _, error) = await RunAsync(
            heap: 100 << 20,
            (body, _) => body.WriteAsync(Encoding.UTF8.GetBytes(
                $$"""{"metadata":{"resourceVersion":"5","continue":"t{{++pages}}"},"items":[]}""")).AsTask(),
            ["-o", "text", "--timeout", "3s"]);

        Assert.Equal(3, code);
        Assert.Contains("is not complete after", error, StringComparison.Ordinal);
        Assert.Contains("of them empty) with 0 objects", error, StringComparison.Ordinal);
        Assert.InRange(pages, 4, 30);
    }

    private static string Slice(string name, string label, string ports, string endpoints, int version = 5) =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"prod","resourceVersion":"{{{version}}}","labels":"""
        + $$"""{"kubernetes.io/service-name":"cache","l":"{{label}}"} },"""
        + $$""" "addressType":"IPv4","endpoints":[{{endpoints}}],"ports":[{{ports}}]}""";

    private static async Task Never(Stream body)
    {
        await body.FlushAsync();
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Runs the tool until it ends, or has written a text.</summary>
    private static async Task<(int? Code, long Written, string Error)> RunAsync(
        int heap, Func<Stream, bool, Task> answer, string[] arguments, string? until = null)
    {
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = async (context, _) =>
            {
                context.Response.ContentType = "application/json";
                await answer(context.Response.Body, context.Request.Query.ContainsKey("watch"));
            },
        });
        using var config = new Kubeconfig(server.Url);
        using var tool = Process.Start(new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "rxkube.dll"), "watch", "cache", "--kubeconfig", config.Path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = heap.ToString("x", CultureInfo.InvariantCulture) },
        })!;
        var error = tool.StandardError.ReadToEndAsync();
        var (written, isFound) = await ReadAsync(tool.StandardOutput, until).WaitAsync(_limit);
        if (isFound)
        {
            tool.Kill();
            return (null, written, await error);
        }

        await tool.WaitForExitAsync().WaitAsync(_limit);
        return (tool.ExitCode, written, await error);
    }

    private static async Task<(long Written, bool IsFound)> ReadAsync(StreamReader output, string? until)
    {
        var (written, buffer, last) = (0L, new char[1 << 16], "");
        for (int read; (read = await output.ReadAsync(buffer)) > 0;)
        {
            written += read;
            if (until is not null && (last += new string(buffer, 0, read)).Contains(until, StringComparison.Ordinal))
            {
                return (written, true);
            }

            last = last[^Math.Min(last.Length, 1_000)..];
        }

        return (written, false);
    }
}
