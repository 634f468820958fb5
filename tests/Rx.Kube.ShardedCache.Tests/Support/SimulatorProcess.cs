using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>A simulated API server in a process of its own: the load of the tests does not delay it.</summary>
public sealed class SimulatorProcess : IDisposable
{
    private readonly Process _process;

    private SimulatorProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public static async Task<SimulatorProcess> StartAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Rx.Kube.SimulatorProcess.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var url = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("It printed no address.");
        return new(process, new(url));
    }

    /// <summary>Makes or replaces an object.</summary>
    public async Task ApplyAsync(string manifest)
    {
        await _process.StandardInput.WriteLineAsync(JsonNode.Parse(manifest)!.ToJsonString());
        await _process.StandardInput.FlushAsync();
        Assert.Equal("applied", await _process.StandardOutput.ReadLineAsync());
    }

    /// <summary>Ends it; it would also end with this process.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
