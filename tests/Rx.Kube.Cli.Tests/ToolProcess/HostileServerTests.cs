using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;

namespace Rx.Kube.Cli.Tests.ToolProcess;

/// <summary>Runs the tool as a process against a server that sends malformed and oversized answers.</summary>
[Collection("ToolProcess")] // one process at a time: the other tests need the processors, too
public class HostileServerTests
{
    private const long Gigabyte = 1L << 30;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    // Each entry is the body of one watch or of one list. The next list repairs the state.
    private static readonly (string What, bool IsList, Func<Stream, Task> Body)[] _script =
    [
        ("an endless list", true, stream => EndlessAsync(
            stream, """{"metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":" """)),
        ("HTML instead of a list", true, stream => WriteAsync(stream, "<html>\e[2J</html>")),
        ("a list", true, stream => WriteAsync(stream, List("10", Slice("good", "10", "p0")))),
        ("a line of 1 GB", false, stream => EndlessAsync(stream, """{"type":"ADDED","object":{"metadata":{"name":" """)),
        ("a list with a bad object", true, stream => WriteAsync(
            stream, List("20", Slice("good", "10", "p0") + "," + Malformed("bad\\u001b[2J", "20")))),
        ("events that cannot be decoded", false, async stream =>
        {
            await WriteAsync(stream, Event("MODIFIED", Malformed("wrong-kinds", "21")));
            await stream.WriteAsync((byte[])
            [
                .. "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"resourceVersion\":\"22\",\"name\":\""u8, 0xC3, 0x28,
                .. "\"}}}\n"u8,
            ]);
            await WriteAsync(stream, Event(
                "ADDED",
                """{"metadata":{"name":"deep","namespace":"prod","resourceVersion":"23"},"endpoints":""" +
                $$"""{{new string('[', 100_000)}}{{new string(']', 100_000)}}}"""));
            await WriteAsync(stream, Event(
                "ADDED", """{"kind":"Pod","metadata":{"name":"a-pod","namespace":"prod","resourceVersion":"24"}}"""));
            await WriteAsync(stream, Event("ADDED", Slice("named", "25", "p\\u001b]0;x\\u0007\\u009b31m\\u202e\\n+ forged")));
            await WriteAsync(stream, Event("ADDED", Slice("cut", "26", "p9"))[..^20]);
        }),
        ("the truncated event, complete", false, stream => WriteAsync(stream, Event("ADDED", Slice("last", "27", "p2")))),
    ];

    [Fact]
    public async Task Memory_stays_bounded_the_output_is_escaped_and_skipped_objects_are_reported()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // The test reads the memory from /proc.
        }

        var script = new Queue<(string What, bool IsList, Func<Stream, Task> Body)>(_script);
        await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
        {
            Intercept = async (context, _) =>
            {
                context.Response.ContentType = "application/json";
                if (script.TryPeek(out var next) && next.IsList != context.Request.Query.ContainsKey("watch"))
                {
                    script.Dequeue();
                    await next.Body(context.Response.Body);
                }
                else
                {
                    await context.Response.StartAsync();
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }
            },
        });
        using var config = new Kubeconfig(server.Url);
        using var tool = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "rxkube.dll"), "watch", "cache", "--kubeconfig", config.Path, "-o", "json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = tool.StandardError.ReadToEndAsync();

        var lines = new List<string>();
        do
        {
            lines.Add(await tool.StandardOutput.ReadLineAsync().WaitAsync(_limit) ?? throw new InvalidOperationException(
                $"the tool exited: {await error}"));
        }
        while (!lines[^1].Contains("\"version\":\"27\"", StringComparison.Ordinal));

        var peak = PeakMemory(tool);
        tool.Kill();
        var shown = string.Join('\n', lines) + await error;
        Assert.Empty(script);
        Assert.InRange(peak, 1, 300L << 20);
        Assert.DoesNotContain(shown, c => (char.IsControl(c) && c != '\n') || c is '\u202e' or '\u009b');
        Assert.DoesNotContain("\n+ forged", shown, StringComparison.Ordinal);
        Assert.All(lines, l => JsonNode.Parse(l));
        Assert.Contains(lines, l => l.Contains("longer than 8388608 bytes", StringComparison.Ordinal));
        foreach (var skipped in new[] { "bad\\u{1b}[2J", "wrong-kinds", "deep", "a-pod" })
        {
            Assert.Contains($"skipped prod/{skipped}: ", await error, StringComparison.Ordinal);
        }

        var last = JsonNode.Parse(lines[^1])!;
        Assert.Equal("live", (string?)last["freshness"]);
        Assert.Equal(3, last["endpoints"]!.AsArray().Count);
    }

    private static long PeakMemory(Process process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Writes a gigabyte, or until the reader closes the connection.</summary>
    private static async Task EndlessAsync(Stream stream, string start)
    {
        await WriteAsync(stream, start);
        var chunk = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
        for (var sent = 0L; sent < Gigabyte; sent += chunk.Length)
        {
            await stream.WriteAsync(chunk);
        }
    }

    private static async Task WriteAsync(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await stream.FlushAsync();
    }

    private static string List(string version, string items) => $$"""{"metadata":{"resourceVersion":"{{version}}"},"items":[{{items}}]}""";

    private static string Event(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""" + "\n";

    private static string Malformed(string name, string version) =>
        $$"""{"metadata":{"name":"{{name}}","namespace":"prod","resourceVersion":"{{version}}"},"endpoints":{"no":"list"},"ports":7}""";

    private static string Slice(string name, string version, string pod) =>
        $$"""
        {"metadata":{"name":"{{name}}","namespace":"prod","resourceVersion":"{{version}}","labels":{"kubernetes.io/service-name":"cache"} },
        "addressType":"IPv4",
         "endpoints":[{"addresses":["10.0.0.{{version}}"],"targetRef":{"kind":"Pod","name":"{{pod}}"} }]}
        """.ReplaceLineEndings("");
}
