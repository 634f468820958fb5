using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Rx.Kube.Benchmarks.Hostile;

/// <summary>
/// Runs the tool against each hostile server, and prints what it takes: the table of docs/reliability.md. Linux only: memory and processor
/// time are read from /proc.
/// </summary>
internal static partial class HostileReport
{
    /// <summary>Prints the table.</summary>
    /// <param name="tool">The path of rxkube.dll, or of a native rxkube.</param>
    /// <param name="seconds">How long each server is watched.</param>
    /// <returns>Zero; one if the tool took more than 1.5 GB, or ended in an undocumented way.</returns>
    public static async Task<int> PrintAsync(string tool, int seconds)
    {
        Console.WriteLine($"| the server sends | requests in {seconds} s | peak MB | CPU s | what the tool says last |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        var worst = 0L;
        foreach (var server in HostileServers.All)
        {
            var (requests, peak, processor, said) = await RunAsync(server, tool, TimeSpan.FromSeconds(seconds));
            worst = Math.Max(worst, peak);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {server.What} | {requests:N0} | {peak >> 10:N0} | {processor.TotalSeconds:0.0} | {said} |"));
        }

        return worst < 3 << 19 ? 0 : 1;
    }

    private static async Task<(int Requests, long PeakKib, TimeSpan Processor, string Said)> RunAsync(
        HostileServer server, string tool, TimeSpan time)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var requests = new int[1];
        var serving = ServeAsync(listener, server, requests);
        var folder = Directory.CreateTempSubdirectory("rxkube-").FullName;
        var config = Path.Combine(folder, "config");
        await File.WriteAllTextAsync(config, $$$"""
            current-context: c
            contexts: [{name: c, context: {cluster: c}}]
            clusters: [{name: c, cluster: {server: "http://{{{listener.LocalEndpoint}}}"}}]
            """);
        var start = new ProcessStartInfo(tool.EndsWith(".dll", StringComparison.Ordinal) ? "dotnet" : tool)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        string[] arguments = [.. tool.EndsWith(".dll", StringComparison.Ordinal) ? [tool] : (string[])[],
            "watch", "cache", "-n", "default", "--kubeconfig", config, "-o", "text"];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var (said, written) = ("", 0L);
        process.ErrorDataReceived += (_, line) => said = line.Data?.Length > 0 ? line.Data : said;
        process.BeginErrorReadLine();
        var reading = Task.Run(async () =>
        {
            var buffer = new char[65536];
            while (await process.StandardOutput.ReadAsync(buffer) is var read and > 0)
            {
                var lines = new string(buffer, 0, read).TrimEnd().Split('\n');
                written += read;
                said = lines[^1];
            }
        });
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(time));
        var (peak, processor) = PeakOf(process.Id) is { } kib ? (kib, process.TotalProcessorTime) : (0, TimeSpan.Zero);
        if (process.HasExited && process.ExitCode is not (0 or 3)) // as documented: stopped, or the cluster cannot be used
        {
            (peak, said) = (long.MaxValue, $"exit code {process.ExitCode}: {said}");
        }

        process.Kill();
        listener.Stop();
        await serving;
        Directory.Delete(folder, recursive: true);
        return (requests[0], peak, processor, Shortened(said));
    }

    private static async Task ServeAsync(TcpListener listener, HostileServer server, int[] requests)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(), server, requests);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private static async Task AnswerAsync(TcpClient client, HostileServer server, int[] requests)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
                if (await reader.ReadLineAsync() is { } line)
                {
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                    }

                    var isWatch = line.Contains("watch=", StringComparison.Ordinal);
                    await server.Answer(new(stream, isWatch, Interlocked.Increment(ref requests[0])));
                }
            }
        }
        catch (IOException)
        {
            // The client went away.
        }
    }

    // Null if the process has ended: then /proc has no status, or one without memory.
    private static long? PeakOf(int process)
    {
        try
        {
            var peak = Peak().Match(File.ReadAllText($"/proc/{process}/status"));
            return peak.Success ? long.Parse(peak.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Shortened(string said)
    {
        var line = said.Replace("|", "\\|", StringComparison.Ordinal).Trim();
        return line.Length <= 160 ? line : line[..160] + "…";
    }

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex Peak();
}
