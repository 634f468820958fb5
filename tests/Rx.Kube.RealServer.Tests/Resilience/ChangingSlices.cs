using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Rx.Kube.RealServer.Tests.Server;
using Rx.Kube.RealServer.Tests.Watch;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>
/// Changes the EndpointSlices of some Services, one after another, and knows what the server's state is at every version. It is the only
/// writer, talks to the server directly, and shares no code with the client under test.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="services">The Services; each has up to <paramref name="slices"/> slices.</param>
/// <param name="random">Decides what changes.</param>
/// <param name="slices">The number of slices of a Service; at most 26.</param>
public sealed class ChangingSlices(RealApiServer server, string[] services, Random random, int slices = 3) : IDisposable
{
    private readonly HttpClient _client = server.Client();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<State>> _history = services.ToDictionary(s => s, _ => new List<State>());
    private readonly Dictionary<string, int[]> _slices = [];
    private long _version;
    private long _knownUntil;

    /// <summary>Gets the number of changes.</summary>
    public int Changes { get; private set; }

    /// <summary>Reads the state from which the changes start.</summary>
    public Task StartAsync() => ReadAsync(isRestored: false);

    /// <summary>Changes one slice after another.</summary>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await ChangeAsync();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the changes.
        }
    }

    /// <summary>Creates, changes or deletes one slice.</summary>
    public async Task ChangeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            var started = Stopwatch.GetTimestamp();
            var name = $"{services[random.Next(services.Length)]}-{(char)('a' + random.Next(slices))}";
            int[] pods = [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(200)).Distinct().Order()];
            await ChangeAsync(name, _slices.ContainsKey(name) && random.Next(7) == 0 ? null : pods);
            Changes++;
            lock (_lock)
            {
                _knownUntil = started;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Does something to the server while nothing changes; afterwards, reads the state again.</summary>
    /// <param name="isRestored">Whether the state may be an older one afterwards, with versions that occur a second time.</param>
    /// <param name="action">What is done.</param>
    public async Task PauseForAsync(bool isRestored, Func<Task> action)
    {
        await _turn.WaitAsync();
        try
        {
            await action();
            await ReadAsync(isRestored);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gets the present state of a Service: one endpoint a line.</summary>
    public string Present(string service)
    {
        lock (_lock)
        {
            return _history[service][^1].Text;
        }
    }

    /// <summary>Gets whether all changes that a client can have seen at a time are known.</summary>
    public bool IsKnown(long time)
    {
        lock (_lock)
        {
            return time < _knownUntil;
        }
    }

    /// <summary>Compares a snapshot with the state of the server at the snapshot's version.</summary>
    /// <returns>The difference; null if there is none.</returns>
    public string? Difference(string service, ServiceTopology snapshot)
    {
        var version = long.Parse(snapshot.Version, CultureInfo.InvariantCulture);
        var text = TextOf(snapshot);
        lock (_lock)
        {
            var states = _history[service];
            var possible = states
                .Where((s, i) => s.From <= version
                    && (i == states.Count - 1 || states[i + 1].Sure > version || states[i + 1].Epoch > s.Epoch))
                .ToArray();
            return possible.Any(s => s.Text == text)
                ? null
                : $"the snapshot of {service} at {version} has\n{text}\nthe server had\n"
                    + string.Join("\nor\n", possible.Select(s => $"(from {s.From}) {s.Text}"));
        }
    }

    /// <summary>Formats the endpoints of a snapshot as this class formats the server's.</summary>
    public static string TextOf(ServiceTopology snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Join(snapshot.Endpoints.Select(e => $"{e.Pod} {e.Address} {e.Ready}"));
    }

    public void Dispose()
    {
        _client.Dispose();
        _turn.Dispose();
    }

    private async Task ChangeAsync(string name, int[]? pods)
    {
        var exists = _slices.ContainsKey(name);
        using var request = pods switch
        {
            null => new HttpRequestMessage(HttpMethod.Delete, $"{server.SlicesPath}/{name}"),
            _ when exists => new HttpRequestMessage(HttpMethod.Patch, $"{server.SlicesPath}/{name}")
            {
                Content = Json(SliceManifest.Patch(name, pods), "application/merge-patch+json"),
            },
            _ => new HttpRequestMessage(HttpMethod.Post, server.SlicesPath)
            {
                Content = Json(SliceManifest.Of(name, name[..^2], pods), "application/json"),
            },
        };
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var response = await _client.SendAsync(request, limit.Token);
            if (response.IsSuccessStatusCode && pods is not null)
            {
                using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(limit.Token));
                _slices[name] = pods;
                Note(name[..^2], VersionOf(json), VersionOf(json), epoch: null);
                return;
            }

            if (response.StatusCode == HttpStatusCode.UnprocessableEntity || response.StatusCode == HttpStatusCode.Unauthorized)
            {
                throw new InvalidOperationException($"{request.Method} {name}: {await response.Content.ReadAsStringAsync(limit.Token)}");
            }
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or OperationCanceledException or IOException)
        {
            // The server is down. Whether it changed the slice, only a list tells.
        }

        await ReadAsync(isRestored: false); // the version of a deletion is in no answer
    }

    private async Task ReadAsync(bool isRestored)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                using var json = JsonDocument.Parse(await _client.GetStringAsync(server.SlicesPath, patience.Token));
                Adopt(json, isRestored);
                return;
            }
            catch (Exception error) when (
                error is HttpRequestException or SocketException or OperationCanceledException or IOException
                && limit.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(100);
            }
        }
    }

    private void Adopt(JsonDocument list, bool isRestored)
    {
        _slices.Clear();
        foreach (var item in list.RootElement.GetProperty("items").EnumerateArray())
        {
            var name = item.GetProperty("metadata").GetProperty("name").GetString()!;
            if (!services.Contains(name[..^2]))
            {
                continue;
            }

            var endpoints = item.GetProperty("endpoints");
            _slices[name] = endpoints.ValueKind == JsonValueKind.Null
                ? []
                : [
                    .. endpoints.EnumerateArray()
                        .Select(e => e.GetProperty("targetRef").GetProperty("name").GetString()!)
                        .Select(pod => int.Parse(pod[(pod.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture)),
                ];
        }

        var version = VersionOf(list);
        var from = isRestored ? 0 : _version + 1;
        foreach (var service in services)
        {
            Note(service, from, version, isRestored ? 1 : null);
        }
    }

    private void Note(string service, long from, long sure, int? epoch)
    {
        var text = Join(
            from slice in _slices
            where slice.Key[..^2] == service
            from pod in slice.Value
            select $"{slice.Key}-{pod} 10.{slice.Key[^1] - 'a' + 1}.{pod / 250}.{(pod % 250) + 1} {pod % 3 != 0}");
        lock (_lock)
        {
            var states = _history[service];
            var last = states.Count == 0 ? null : states[^1];
            if (last is null || epoch is not null || last.Text != text)
            {
                states.Add(new(from, sure, text, (last?.Epoch ?? 0) + (epoch ?? 0)));
            }

            _version = sure;
        }
    }

    private static long VersionOf(JsonDocument json) => long.Parse(
        json.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    private static StringContent Json(string text, string type) => new(text, Encoding.UTF8, new MediaTypeHeaderValue(type));

    // The state from a version on, at the latest from another one; the version of a deletion is between the two.
    private sealed record State(long From, long Sure, string Text, int Epoch);
}
