using System.Net;
using System.Net.Sockets;

namespace Rx.Kube.ShardedCache.Tests.Support;

/// <summary>A client that knows all addresses, and tries again, at the next one, what can be repeated.</summary>
public sealed class CacheClient(Func<Uri[]> urls) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = _patience };
    private int _next;
    private int _requests;
    private int _retries;

    /// <summary>Gets the number of requests that were answered or given up.</summary>
    public int Requests => _requests;

    public int Retries => _retries;

    /// <summary>Reads a key; null if it is not there.</summary>
    public async Task<string?> GetAsync(string key)
    {
        using var response = await SendAsync(HttpMethod.Get, key, null);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await response.Content.ReadAsStringAsync();
    }

    public async Task PutAsync(string key, string value) => (await SendAsync(HttpMethod.Put, key, value)).Dispose();

    public async Task DeleteAsync(string key) => (await SendAsync(HttpMethod.Delete, key, null)).Dispose();

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string key, string? value)
    {
        Interlocked.Increment(ref _requests);
        var begin = DateTime.UtcNow;
        for (var last = ""; ;)
        {
            var all = urls();
            var url = all[(Interlocked.Increment(ref _next) & int.MaxValue) % all.Length];
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(url, $"keys/{key}"));
                request.Content = value is null ? null : new StringContent(value);
                var response = await _http.SendAsync(request);
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent
                    || (response.StatusCode == HttpStatusCode.NotFound && method == HttpMethod.Get))
                {
                    return response;
                }

                last = $"{url}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
                response.Dispose();
                Assert.True(last.Contains(": 503 ", StringComparison.Ordinal), last);
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or IOException or OperationCanceledException)
            {
                last = $"{url}: {e.Message}";
            }

            if (DateTime.UtcNow - begin > _patience)
            {
                throw new LostRequestException($"{method} {key} is lost: {last}");
            }

            Interlocked.Increment(ref _retries);
            await Task.Delay(10);
        }
    }
}

/// <summary>A request that was repeated for long enough.</summary>
public sealed class LostRequestException(string message) : Exception(message);
