using System.Globalization;
using System.Net;
using System.Text.Json;
using Rx.Kube.ShardedCache.Tests.Support;
using Rx.Kube.Simulator;

namespace Rx.Kube.ShardedCache.Tests;

/// <summary>What one process answers.</summary>
public sealed class SingleMemberTests
{
    [Fact]
    public async Task One_member_is_ready_and_refuses_writes_because_it_cannot_store_them_twice()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var cluster = CacheCluster.On(server, _ => server.Url, "--Cache:RequestLimit=00:00:00");
        await cluster.AddAsync("cache-0");
        var process = cluster.Members["cache-0"];

        var (status, reason, retryAfter) = await PutAsync(process, "key", "value");
        var (replicated, state) = await process.GetAsync("replicated");

        Assert.Equal((503, "There are too few members to store a value twice.", "1"), (status, reason, retryAfter));
        Assert.Equal((404, ""), await process.GetAsync("keys/key"));
        Assert.Equal(503, replicated);
        Assert.Contains("\"shortfall\":1", state, StringComparison.Ordinal);
        Assert.Equal(200, (await process.GetAsync("health/ready")).Status);
        Assert.Equal(200, (await process.GetAsync("health/live")).Status);
    }

    [Fact]
    public async Task A_member_that_may_acknowledge_alone_serves_and_shows_its_metrics_and_its_ring()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var cluster = CacheCluster.On(server, _ => server.Url, "--Cache:AcknowledgeAlone=true", "--Cache:LeaveLimit=00:00:00.2");
        await cluster.AddAsync("cache-0");
        var process = cluster.Members["cache-0"];

        Assert.Equal(204, (await PutAsync(process, "a/b c", "value")).Status);
        Assert.Equal((200, "value"), await process.GetAsync("keys/a%2Fb%20c"));
        Assert.Equal(204, (await SendAsync(process, HttpMethod.Delete, "gone", null)).Status);
        Assert.Equal(413, (await PutAsync(process, "large", new string('x', (1 << 20) + 1))).Status);
        using (var post = new HttpClient())
        {
            using var response = await post.PostAsync(new Uri(process.Url, "peer/announce"), null);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode); // only for other members
        }

        var metrics = (await process.GetAsync("metrics")).Body;
        Assert.Contains("cache_writes_acknowledged", metrics, StringComparison.Ordinal);
        Assert.All(
            ["cache_keys", "cache_ranges_pending", "cache_ranges_under_replicated", "cache_copies_moved", "rxkube_topologies"],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        using var believed = JsonDocument.Parse((await process.GetAsync("rxkube/cache")).Body);
        var ring = (await process.StateAsync())!.Ring;
        Assert.EndsWith($"/{believed.RootElement.GetProperty("fingerprint").GetString()}", ring, StringComparison.Ordinal);
        Assert.Equal(cluster.Ring.Fingerprint, ulong.Parse(ring[(ring.IndexOf('/') + 1)..], NumberStyles.HexNumber, null));

        // The container stops, and the pod stays: no member takes over.
        Assert.Equal(0, await process.TerminateAsync(TimeSpan.FromSeconds(10)));
    }

    private static Task<(int Status, string Body, string? RetryAfter)> PutAsync(CacheProcess process, string key, string value) =>
        SendAsync(process, HttpMethod.Put, key, value);

    private static async Task<(int Status, string Body, string? RetryAfter)> SendAsync(
        CacheProcess process, HttpMethod method, string key, string? value)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(process.Url, $"keys/{Uri.EscapeDataString(key)}"));
        request.Content = value is null ? null : new StringContent(value);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.RetryAfter?.ToString());
    }
}
