using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.RealServer;

/// <summary>
/// Creates the slices of a workload on a real server, changes them, and remembers when the write of each version began. It is the only
/// writer.
/// </summary>
/// <param name="client">The client, with the rights to write.</param>
/// <param name="workload">The slices.</param>
internal sealed class SliceWriter(HttpClient client, SliceWorkload workload)
{
    private const string Path = $"apis/discovery.k8s.io/v1/namespaces/{SliceWorkload.Namespace}/endpointslices";
    private readonly string[] _versions = new string[workload.Slices];
    private readonly bool[] _isChanged = new bool[workload.Slices];
    private int _next;

    /// <summary>Gets when the write of each version began, in ns since 1970.</summary>
    public ConcurrentDictionary<string, long> Began { get; } = new();

    /// <summary>Creates all slices.</summary>
    public async Task CreateAsync() => await Parallel.ForAsync(0, workload.Slices, new ParallelOptions { MaxDegreeOfParallelism = 4 },
        async (slice, _) => _versions[slice] = await SendAsync(HttpMethod.Post, Path, Body(slice, version: null)));

    /// <summary>Changes one slice after another at a steady rate.</summary>
    /// <param name="count">The number of writes.</param>
    /// <param name="perSecond">The rate.</param>
    public async Task WriteAsync(int count, int perSecond)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        for (var i = 0; i < count && await timer.WaitForNextTickAsync(); i++)
        {
            await ChangeAsync(_next++ % workload.Slices);
        }
    }

    /// <summary>Changes slices as fast as the server allows, each by one of four writers.</summary>
    /// <param name="count">The number of writes.</param>
    /// <returns>The number of writes a second.</returns>
    public async Task<double> WriteAsync(int count)
    {
        const int Writers = 4;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = writer; i < count; i += Writers)
            {
                await ChangeAsync(i % (workload.Slices / Writers * Writers));
            }
        }));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task ChangeAsync(int slice)
    {
        _isChanged[slice] ^= true;
        var body = Body(slice, _versions[slice]);
        var began = Clock.Now;
        _versions[slice] = await SendAsync(HttpMethod.Put, $"{Path}/cache-{slice:d5}", body);
        Began[_versions[slice]] = began;
    }

    private byte[] Body(int slice, string? version)
    {
        var item = JsonNode.Parse(workload.ObjectOf(slice, _isChanged[slice]))!;
        var metadata = item["metadata"]!.AsObject();
        foreach (var field in new[] { "uid", "generation", "creationTimestamp", "managedFields", "generateName", "resourceVersion" })
        {
            metadata.Remove(field);
        }

        metadata["resourceVersion"] = version;
        return Encoding.UTF8.GetBytes(item.ToJsonString());
    }

    private async Task<string> SendAsync(HttpMethod method, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new ByteArrayContent(body),
            Version = client.DefaultRequestVersion,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString()!
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
    }
}
