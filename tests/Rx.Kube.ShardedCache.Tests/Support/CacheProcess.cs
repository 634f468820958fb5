using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>What a process says at <c>/replicated</c>.</summary>
public sealed record CacheState(
    string? Self, string Ring, string[] Members, int Ranges, int Pending, bool IsBehind, int Shortfall, int Keys, int Leftovers, long Moved,
    bool IsReady, bool IsReplicated);

/// <summary>The sample in a process of its own, on an address of its own.</summary>
public sealed class CacheProcess : IDisposable
{
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private CacheProcess(Process process, string name, string address, Uri url)
    {
        (_process, Name, Address, Url) = (process, name, address, url);
        process.OutputDataReceived += (_, e) => _log.Enqueue(e.Data ?? "");
        process.ErrorDataReceived += (_, e) => _log.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += KillWithTests;
    }

    public string Name { get; }

    public string Address { get; }

    public Uri Url { get; }

    public bool HasExited => _process.HasExited;

    public string Log => $"--- {Name} at {Address}:\n{string.Join('\n', _log.TakeLast(60))}";

    /// <summary>Starts a member.</summary>
    /// <param name="name">The name of its pod.</param>
    /// <param name="address">Its loopback address.</param>
    /// <param name="port">The port of all members.</param>
    /// <param name="connection">The settings of its connection to the API server.</param>
    public static CacheProcess Start(string name, string address, int port, IEnumerable<string> connection)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.PathOf("samples/ShardedCache"),

            // As the manifest sets them, from the downward API. A process that lives for seconds has no use for a profile of itself, which
            // takes a quarter of the time of these tests.
            Environment = { ["POD_NAME"] = name, ["NODE_NAME"] = "node-1", ["NODE_ZONE"] = "", ["DOTNET_TieredPGO"] = "0" },
        };
        var url = new Uri($"http://{address}:{port}");
        foreach (var argument in (IEnumerable<string>)
            [
                Repository.PathOf($"samples/ShardedCache/bin/{configuration}/net10.0/ShardedCache.dll"), $"--urls={url}",
                "--Logging:Console:FormatterName=simple", "--Logging:Console:FormatterOptions:SingleLine=true",
                "--Logging:Console:FormatterOptions:TimestampFormat=HH:mm:ss.fff ", "--Logging:LogLevel:System.Net.Http=Warning",
                .. connection,
            ])
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!, name, address, url);
    }

    /// <summary>Gets what the process says about itself; null if it does not answer.</summary>
    public async Task<CacheState?> StateAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(Url, "replicated"));
            return await response.Content.ReadFromJsonAsync<CacheState>();
        }
        catch (Exception e) when (
            e is HttpRequestException or SocketException or IOException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }

    public async Task<(int Status, string Body)> GetAsync(string path, string? ring = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, path));
        request.Headers.TryAddWithoutValidation("Cache-Ring", ring);
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(TimeSpan limit)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
        using var patience = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillWithTests;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    // A run of tests that is cut short leaves no processes behind.
    private void KillWithTests(object? sender, EventArgs e) => Dispose();
}
