using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Rx.Kube;
using ShardedCache.Data;

namespace ShardedCache.Peers;

/// <summary>Sends requests to other pods. Each one carries the ring of this process, and each answer the ring of the other one.</summary>
internal sealed class PeerClient(
    [FromKeyedServices("cache")] IKubeTopology cache, IHttpClientFactory http, Shard shard, KubePodOptions pod,
    IOptions<CacheOptions> options)
{
    private static readonly TimeSpan _fetchLimit = TimeSpan.FromSeconds(30);

    /// <summary>Gets the endpoints of all other members, those that terminate included: these have data to hand over.</summary>
    public IReadOnlyList<TopologyEndpoint> Others() =>
        [.. cache.Current.Required.Endpoints.Where(endpoint => endpoint.Member != pod.Name)];

    /// <summary>Asks another replica for a key.</summary>
    public Task<Reply<byte[]>> ReadAsync(string member, string key, RingTag tag, CancellationToken ct) =>
        SendAsync(EndpointOf(member), HttpMethod.Get, PathOf(key), null, tag, async content => await content.ReadAsByteArrayAsync(ct), ct);

    /// <summary>Forwards a write to its owner; null deletes.</summary>
    public Task<Reply<byte[]>> WriteAsync(string owner, string key, byte[]? value, RingTag tag, CancellationToken ct) =>
        SendAsync(
            EndpointOf(owner), value is null ? HttpMethod.Delete : HttpMethod.Put, PathOf(key),
            value is null ? null : new ByteArrayContent(value), tag, async content => await content.ReadAsByteArrayAsync(ct), ct);

    /// <summary>Sends a write to the other replica. The answer is the clock of a newer value, or 0 if the write is stored.</summary>
    public Task<Reply<long>> CopyAsync(string member, Entry entry, RingTag tag, CancellationToken ct) =>
        PostAsync<Entry, long>(EndpointOf(member), "peer/copy", entry, tag, ct);

    /// <summary>Says that this process gains ranges on its ring. The answer is what is complete at the other one.</summary>
    public Task<Reply<KeyRange[]>> AnnounceAsync(TopologyEndpoint to, RingTag tag, CancellationToken ct) =>
        PostAsync<string, KeyRange[]>(to, "peer/announce", "", tag, ct);

    /// <summary>Gets all values in some ranges.</summary>
    public Task<Reply<Entry[]>> FetchAsync(TopologyEndpoint from, RangeSet ranges, RingTag tag, CancellationToken ct) =>
        PostAsync<IEnumerable<KeyRange>, Entry[]>(from, "peer/fetch", ranges.Ranges, tag, ct, _fetchLimit);

    /// <summary>Hands over values.</summary>
    public Task<Reply<bool>> HandOverAsync(string member, IReadOnlyCollection<Entry> entries, RingTag tag, CancellationToken ct) =>
        PostAsync<IEnumerable<Entry>, bool>(EndpointOf(member), "peer/entries", entries, tag, ct, _fetchLimit);

    private static string PathOf(string key) => $"keys/{Uri.EscapeDataString(key)}";

    // A restarted pod may overlap with its predecessor of the same name.
    private TopologyEndpoint? EndpointOf(string member) =>
        cache.Current.Required.EndpointsOf(member).OrderBy(endpoint => endpoint.Terminating).FirstOrDefault();

    private Task<Reply<TAnswer>> PostAsync<TBody, TAnswer>(
        TopologyEndpoint? to, string path, TBody body, RingTag tag, CancellationToken ct, TimeSpan? limit = null) =>
        SendAsync(
            to, HttpMethod.Post, path, JsonContent.Create(body), tag, content => content.ReadFromJsonAsync<TAnswer>(ct), ct, limit);

    private async Task<Reply<T>> SendAsync<T>(
        TopologyEndpoint? to, HttpMethod method, string path, HttpContent? content, RingTag tag, Func<HttpContent, Task<T?>> read,
        CancellationToken ct, TimeSpan? limit = null)
    {
        if (to is null)
        {
            return new(null, default);
        }

        using var request = new HttpRequestMessage(method, new Uri(to.ToUri("http"), path)) { Content = content };
        request.Headers.Add(RingTag.Header, $"{tag}");
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timed.CancelAfter(limit ?? options.Value.PeerLimit);
        try
        {
            using var client = http.CreateClient(nameof(PeerClient));
            using var response = await client.SendAsync(request, timed.Token);
            if (response.Headers.TryGetValues(RingTag.Header, out var values) && RingTag.TryParse(values.First(), out var theirs))
            {
                shard.Hear(theirs);
            }

            return new(response.StatusCode, response.IsSuccessStatusCode ? await read(response.Content) : default);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new(null, default);
        }
    }
}

/// <summary>What another pod has answered.</summary>
/// <param name="Status">The status; null if it could not be reached, or did not answer in time.</param>
/// <param name="Body">The body, if the request succeeded.</param>
internal readonly record struct Reply<T>(HttpStatusCode? Status, T? Body)
{
    public bool IsSuccess => Status is HttpStatusCode.OK or HttpStatusCode.NoContent;
}
