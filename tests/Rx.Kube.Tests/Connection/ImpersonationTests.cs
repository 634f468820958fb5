using System.Net;
using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

public sealed class ImpersonationTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Single_values_go_over_http2()
    {
        var request = await SendAsync("as: jane@example\nas-uid: '7'\nas-groups: [dev]\nas-user-extra: {scopes/x: [view]}");

        Assert.Equal("HTTP/2", request.Protocol);
        Assert.Equal("jane@example", request.Headers["Impersonate-User"]);
        Assert.Equal("7", request.Headers["Impersonate-Uid"]);
        Assert.Equal("dev", request.Headers["Impersonate-Group"]);
        Assert.Equal("view", request.Headers["Impersonate-Extra-scopes%2Fx"]);
    }

    [Fact]
    public async Task Several_groups_are_several_lines_not_one_with_commas()
    {
        var request = await SendAsync("as: jane\nas-groups: [dev, 'ops, really', 'system:masters']\nas-user-extra: {a: ['1', '2']}");

        Assert.Equal(["dev", "ops, really", "system:masters"], request.Headers["Impersonate-Group"].AsEnumerable());
        Assert.Equal(["1", "2"], request.Headers["Impersonate-Extra-a"].AsEnumerable());
        Assert.Equal("jane", request.Headers["Impersonate-User"]);
    }

    [Fact]
    public async Task A_utf8_name_arrives_whole() => Assert.Equal("jäne", (await SendAsync("as: jäne")).Headers["Impersonate-User"]);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Repeated_lines_are_the_same_in_whatever_chunks_they_are_written(int size)
    {
        const string Sent = "GET /~a:b~1 HTTP/1.1\r\nG: a~b\r\nG~1: c:d~2\r\nG~12:\r\n\r\nGET /~x HTTP/1.1\r\nG~1: y\r\n\r\n";
        const string Expected = "GET /~a:b~1 HTTP/1.1\r\nG: a~b\r\nG: c:d~2\r\nG:\r\n\r\nGET /~x HTTP/1.1\r\nG: y\r\n\r\n";
        using var wire = new MemoryStream();
        using var stream = new RepeatedHeaderStream(wire);
        foreach (var chunk in Encoding.ASCII.GetBytes(Sent).Chunk(size))
        {
            await stream.WriteAsync(chunk);
        }

        Assert.Equal(Expected, Encoding.ASCII.GetString(wire.ToArray()));
    }

    private async Task<LoopbackServer.Request> SendAsync(string impersonation)
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        _folder.Write("ca.crt", _authority.Pem);
        var path = _folder.Write(
            "config", ConfigText.Of($"server: {server.Url}\ncertificate-authority: ca.crt", "token: t\n" + impersonation));
        using var kube = KubeConnection.FromKubeconfig(path, options: TestOptions.With());
        for (var i = 0; i < 2; i++)
        {
            using var response = await kube.GetAsync("api?x=~1", default);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal("/api?x=~1", server.Requests.Last().Target);
        return server.Requests.Last();
    }
}
