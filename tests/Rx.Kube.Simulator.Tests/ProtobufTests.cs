using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Rx.Kube.Simulator.Tests;

/// <summary>The simulator answers in protobuf by <c>Accept</c>, as a real server does. Rx.Kube.Tests compares its bytes.</summary>
public sealed class ProtobufTests : IAsyncLifetime
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf";
    private const string Json = "application/json";
    private const string Slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
    private ApiServerSimulator _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServerSimulator.StartAsync();
        _client = new HttpClient { BaseAddress = _server.Url };
        using var created = await _client.PostAsync(
            Slices,
            new StringContent(
                """{"metadata":{"name":"cache-a"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"]}],"ports":[]}""",
                Encoding.UTF8, Json));
        created.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    // As a real API server (0.36.4) has answered.
    [Theory]
    [InlineData(Protobuf, Protobuf)]
    [InlineData($"{Protobuf},{Json}", Protobuf)]
    [InlineData($"{Json},{Protobuf}", Json)]
    [InlineData($"{Protobuf};q=0.5,{Json}", Json)]
    [InlineData($"{Protobuf};q=0.5,{Json};q=0.9", Json)]
    [InlineData($"{Json};q=0.5,{Protobuf};q=0.9", Protobuf)]
    [InlineData($"{Json};q=0,{Protobuf};q=0.1", Protobuf)]
    [InlineData($"{Protobuf};q=0", Protobuf)]
    [InlineData($"{Protobuf};q=bad,{Json}", Json)]
    [InlineData("*/*", Json)]
    [InlineData($"*/*,{Protobuf}", Protobuf)]
    [InlineData($"*/*;q=0.9,{Protobuf};q=0.5", Protobuf)]
    [InlineData($"application/*,{Protobuf}", Protobuf)]
    [InlineData($"text/html,{Protobuf}", Protobuf)]
    [InlineData($"{Protobuf};stream=watch", Protobuf)]
    [InlineData($"{Protobuf}; charset=utf-8", Protobuf)]
    [InlineData($"{Protobuf};as=Table;g=meta.k8s.io;v=v1,{Json}", Json)]
    [InlineData("application/*", null)]
    [InlineData("text/html", null)]
    [InlineData("APPLICATION/VND.KUBERNETES.PROTOBUF", null)]
    [InlineData("", Json)]
    public async Task Accept_chooses_the_format_as_on_a_real_server(string accept, string? answered)
    {
        using var response = await GetAsync(Slices, accept);

        Assert.Equal(answered is null ? HttpStatusCode.NotAcceptable : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answered ?? Json, response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData(Slices, true)]
    [InlineData($"{Slices}/cache-a", true)]
    [InlineData("/api/v1/pods", true)]
    [InlineData("/api/v1/endpoints", true)]
    [InlineData("/api/v1/nodes", true)]
    [InlineData("/api/v1/services", false)]
    public async Task The_kinds_of_a_topology_are_served_in_protobuf(string path, bool hasProtobuf)
    {
        using var response = await GetAsync(path, $"{Protobuf},{Json}");

        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(hasProtobuf ? Protobuf : Json, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(hasProtobuf, body.AsSpan().StartsWith("k8s\0"u8));
    }

    [Fact]
    public async Task Errors_are_in_the_format_that_the_client_accepts()
    {
        using var missing = await GetAsync($"{Slices}/nope", $"{Protobuf},{Json}");
        Assert.Equal((HttpStatusCode.NotFound, Protobuf), (missing.StatusCode, missing.Content.Headers.ContentType!.ToString()));
        var body = await missing.Content.ReadAsByteArrayAsync();
        Assert.True(body.AsSpan().StartsWith("k8s\0"u8) && body.AsSpan().IndexOf("\"nope\" not found"u8) > 0);

        using var json = await GetAsync($"{Slices}/nope", $"{Json},{Protobuf}");
        Assert.Equal(Json, json.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_watch_is_frames_with_a_length_before_each()
    {
        using var response = await GetAsync($"{Slices}?watch=true&resourceVersion=0", $"{Protobuf},{Json}");
        Assert.Equal([$"{Protobuf};stream=watch"], response.Content.Headers.NonValidated["Content-Type"]);

        await using var body = await response.Content.ReadAsStreamAsync();
        var prefix = new byte[4];
        await body.ReadExactlyAsync(prefix);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        await body.ReadExactlyAsync(frame);

        Assert.Equal("ADDED", Encoding.UTF8.GetString(frame, 2, frame[1])); // the first field of the event
        Assert.True(frame.AsSpan().IndexOf("k8s\0"u8) > 0);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
