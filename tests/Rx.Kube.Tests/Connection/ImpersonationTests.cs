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

    [Fact]
    public async Task Options_replace_the_kubeconfig_one_by_one_as_flags_of_kubectl_do()
    {
        const string User = "as: jane\nas-uid: '7'\nas-groups: [dev]\nas-user-extra: {scope: [view]}";
        var request = await SendAsync(User, o => o with { ImpersonateUser = "joe" });
        Assert.Equal(("joe", "7", "dev", "view"), Sent(request));

        request = await SendAsync(User, o => o with { ImpersonateGroups = ["ops"], ImpersonateUid = "8" });
        Assert.Equal(("jane", "8", "ops", "view"), Sent(request));

        request = await SendAsync("", o => o with { ImpersonateUser = "joe", ImpersonateGroups = ["dev", "ops"], ImpersonateUid = "9" });
        Assert.Equal(("joe", "9", "dev,ops", ""), Sent(request));

        request = await SendAsync(User, o => o with { ImpersonateGroups = [] });
        Assert.Equal(("jane", "7", "dev", "view"), Sent(request));

        static (string?, string?, string, string?) Sent(LoopbackServer.Request request) => (
            request.Headers["Impersonate-User"], request.Headers["Impersonate-Uid"],
            string.Join(',', request.Headers["Impersonate-Group"].AsEnumerable()), request.Headers["Impersonate-Extra-scope"].ToString());
    }

    [Fact]
    public void A_group_or_a_uid_without_a_user_is_an_error_that_names_the_options()
    {
        var path = _folder.Write("config", ConfigText.Of("server: https://127.0.0.1:1", "token: t"));
        foreach (var options in new[]
        {
            TestOptions.With() with { ImpersonateGroups = ["dev"] }, TestOptions.With() with { ImpersonateUid = "7" },
        })
        {
            var e = Assert.Throws<KubeConfigurationException>(() => KubeConnection.FromKubeconfig(path, options: options));
            Assert.Contains("ImpersonateUser; --as", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\r\nImpersonate-Group: system:masters")]
    public void A_name_that_a_header_cannot_contain_is_an_error(string name)
    {
        var path = _folder.Write("config", ConfigText.Of("server: https://127.0.0.1:1", "token: t"));
        Assert.Throws<KubeConfigurationException>(
            () => KubeConnection.FromKubeconfig(path, options: TestOptions.With() with { ImpersonateUser = name }));
    }

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

    private async Task<LoopbackServer.Request> SendAsync(
        string impersonation, Func<KubeConnectionOptions, KubeConnectionOptions>? with = null)
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        _folder.Write("ca.crt", _authority.Pem);
        var path = _folder.Write(
            "config", ConfigText.Of($"server: {server.Url}\ncertificate-authority: ca.crt", "token: t\n" + impersonation));
        using var kube = KubeConnection.FromKubeconfig(path, options: with is null ? TestOptions.With() : with(TestOptions.With()));
        for (var i = 0; i < 2; i++)
        {
            using var response = await kube.GetAsync("api?x=~1", default);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal("/api?x=~1", server.Requests.Last().Target);
        return server.Requests.Last();
    }
}
