using System.Net;
using System.Text;
using static Rx.Kube.Simulator.Tests.SimulatorRequests;

namespace Rx.Kube.Simulator.Tests;

public sealed class RequestTests
{
    [Theory]
    [InlineData("admin-token", "", 200)]
    [InlineData("reader-token", "?watch=1&timeoutSeconds=1", 200)]
    [InlineData("lister-token", "", 200)]
    [InlineData("lister-token", "?watch=1", 403)]
    [InlineData("nobody-token", "", 403)]
    [InlineData("unknown", "", 401)]
    [InlineData(null, "", 403)]
    public async Task A_token_gives_the_access_of_its_user(string? token, string query, int status)
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Tokens = SimulatedUser.TestTokens });
        using var client = server.Client(token);
        using var response = await client.GetAsync(new Uri(Slices + query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("\"x\"")]
    [InlineData("""{"metadata":{"name":"a","name":"b"}}""")]
    [InlineData("""{"metadata":{"name":["a"]}}""")]
    [InlineData("""{"metadata":{"name":"a","labels":"x"}}""")]
    [InlineData("""{"metadata":{"name":"a","finalizers":"x"}}""")]
    [InlineData("""{"metadata":{"name":"a"},"endpoints":{"x":1}}""")]
    [InlineData("""{"metadata":{"name":"a","labels":{"x":"\ud800"}}}""")]
    [InlineData("""{"metadata":{"name":"a","labels":{"\udc00":"x"}}}""")]
    public async Task A_bad_body_is_400(string body) => Assert.Equal(400, await PostAsync(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public async Task Hostile_bodies_are_refused_and_the_server_keeps_running()
    {
        Assert.Equal(400, await PostAsync([0xff, 0xfe, 0x7b]));
        Assert.Equal(400, await PostAsync(Encoding.UTF8.GetBytes(new string('[', 100_000))));
        Assert.Equal(413, await PostAsync(new byte[4 * 1024 * 1024]));
    }

    [Theory]
    [InlineData("//")]
    [InlineData("apis/discovery.k8s.io/v1/namespaces//endpointslices")]
    [InlineData("api/v1/watch")]
    [InlineData("api/v1/namespaces/a/pods/b/c/d")]
    [InlineData("apis/%00/v1/x")]
    [InlineData(Slices + "?continue=%ff&limit=1")]
    [InlineData(Slices + "?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6Inh4In0")]
    [InlineData(Slices + "?resourceVersion=-1")]
    [InlineData(Slices + "?resourceVersion=99999999999999999999")]
    public async Task Strange_paths_are_answered_as_client_errors(string path)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var response = await client.GetAsync(new Uri(server.Url, "/" + path.TrimStart('/')));
        Assert.InRange((int)response.StatusCode, 200, 499);
    }

    [Fact]
    public async Task Protobuf_is_refused_for_bodies_and_for_kinds_that_have_none()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var content = new ByteArrayContent([1]);
        content.Headers.ContentType = new("application/vnd.kubernetes.protobuf");
        using var sent = await client.PostAsync(new Uri(Slices, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, sent.StatusCode);
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/api/v1/services")
        {
            Headers = { { "Accept", "application/vnd.kubernetes.protobuf" } },
        };
        using var answered = await client.SendAsync(asked);
        Assert.Equal(HttpStatusCode.NotAcceptable, answered.StatusCode);
    }

    private static async Task<int> PostAsync(byte[] body)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var response = await client.PostAsync(new Uri(Slices, UriKind.Relative), content);
        var status = (int)response.StatusCode;
        Assert.Equal(200, (await client.GetJsonAsync(Slices)).Status);
        return status;
    }
}
