using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Runs etcd and an API server on free loopback ports, with their data in one folder.</summary>
/// <param name="flavor">The kind of API server.</param>
/// <param name="binaries">The folder that holds etcd.</param>
/// <param name="folder">The folder of data, certificates and logs.</param>
public sealed class LocalServer(ServerFlavor flavor, string binaries, string folder) : IDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);

    private GuardedProcess? _etcd;
    private GuardedProcess? _server;
    private int _etcdPort;
    private int _peerPort;
    private string _data = "etcd";
    private int _copies;
    private int _port;

    public ServerFlavor Flavor => flavor;

    public Uri Url => new($"https://127.0.0.1:{_port}");

    public string CaFile => Path.Combine(folder, "apiserver.crt");

    private string EtcdUrl => $"http://127.0.0.1:{_etcdPort}";

    /// <summary>Starts both servers, with other ports if another process takes one.</summary>
    public async Task StartAllAsync()
    {
        flavor.Prepare(folder);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                (_etcdPort, _peerPort, _port) = (LoopbackPorts.Free(), LoopbackPorts.Free(), LoopbackPorts.Free());
                StartEtcd();
                await StartServerAsync([]);
                return;
            }
            catch (InvalidOperationException error)
                when (attempt < 3 && error.Message.Contains("address already in use", StringComparison.Ordinal))
            {
                Dispose();
            }
        }
    }

    /// <summary>Starts the API server on its port and waits until it is ready.</summary>
    public async Task StartServerAsync(IEnumerable<string> extraFlags)
    {
        if (_server is { HasExited: false })
        {
            throw new InvalidOperationException("The API server is already running.");
        }

        _server = GuardedProcess.Start(
            Path.Combine(folder, "apiserver.log"), flavor.Program, flavor.Arguments(folder, _port, EtcdUrl).Concat(extraFlags));
        using var limit = new CancellationTokenSource(_startLimit);
        while (!await IsReadyAsync(limit.Token))
        {
            if (limit.IsCancellationRequested || _server.HasExited || _etcd is not { HasExited: false })
            {
                var report = $"The API server did not become ready.\n{_server.Log()}\n{_etcd?.Log()}";
                KillServer();
                throw new InvalidOperationException(report);
            }

            await Task.Delay(50);
        }
    }

    public void KillServer()
    {
        _server?.Dispose();
        _server = null;
    }

    /// <summary>Compacts the history up to now and returns the revision.</summary>
    public async Task<long> CompactAsync()
    {
        using var client = new HttpClient();
        using var range = await client.PostAsJsonAsync($"{EtcdUrl}/v3/kv/range", new { key = "AA==" });
        range.EnsureSuccessStatusCode();
        var revision = (await range.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("header").GetProperty("revision").GetString();
        using var compaction = await client.PostAsJsonAsync($"{EtcdUrl}/v3/kv/compaction", new { revision, physical = true });
        var text = await compaction.Content.ReadAsStringAsync();
        return compaction.IsSuccessStatusCode
            ? long.Parse(revision!)
            : throw new InvalidOperationException($"etcd did not compact at {revision}: {text}");
    }

    /// <summary>Copies the data of etcd, which is killed and started again.</summary>
    /// <returns>The folder of the copy.</returns>
    public async Task<string> BackUpAsync()
    {
        var backup = $"backup-{++_copies}";
        _etcd?.Dispose();
        Copy(_data, backup);
        StartEtcd();
        await WaitForEtcdAsync();
        return backup;
    }

    /// <summary>Kills etcd and starts it on a copy of a backup.</summary>
    public async Task RestoreAsync(string backup)
    {
        _etcd?.Dispose();
        _data = $"etcd-{++_copies}";
        Copy(backup, _data);
        StartEtcd();
        await WaitForEtcdAsync();
    }

    /// <summary>Starts the API server with other tokens.</summary>
    public Task StartServerWithTokensAsync(string lines) =>
        Task.WhenAll(flavor.ReplaceTokensAsync(folder, lines), StartServerAsync([]));

    public void Dispose()
    {
        KillServer();
        _etcd?.Dispose();
        _etcd = null;
    }

    private void StartEtcd()
    {
        var peer = $"http://127.0.0.1:{_peerPort}";
        _etcd = GuardedProcess.Start(
            Path.Combine(folder, "etcd.log"),
            Path.Combine(binaries, "etcd"),
            [
                "--data-dir", Path.Combine(folder, _data), "--unsafe-no-fsync", "--log-level", "warn",
                "--listen-client-urls", EtcdUrl, "--advertise-client-urls", EtcdUrl,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"default={peer}",
            ]);
    }

    private async Task WaitForEtcdAsync()
    {
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(_startLimit);
        while (true)
        {
            try
            {
                using var health = await client.GetAsync($"{EtcdUrl}/health", limit.Token);
                if (health.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or SocketException && _etcd is { HasExited: false })
            {
                // It does not listen yet.
            }

            await Task.Delay(50, limit.Token);
        }
    }

    private void Copy(string from, string to)
    {
        var (source, target) = (Path.Combine(folder, from), Path.Combine(folder, to));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = TrustingHttpClient.Create(Url, CaFile, token: null);
            using var response = await client.GetAsync("readyz", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or OperationCanceledException
            or System.Security.Cryptography.CryptographicException)
        {
            return false; // It does not listen yet, or the certificate is not completely written.
        }
    }
}
