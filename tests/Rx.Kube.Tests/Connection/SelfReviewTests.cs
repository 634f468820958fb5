using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>The only POSTs that a connection can send: what a user asks about itself.</summary>
public sealed class SelfReviewTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_review_is_a_POST_with_the_credentials_and_a_JSON_body()
    {
        var bodies = new List<string>();
        var handler = new FakeHandler((request, ct) => AnswerAsync(request, bodies, """{"status":{"allowed":true}}"""));
        using var kube = Connect(handler);
        var answer = await kube.AskAsync(SelfReview.Access("watch", "discovery.k8s.io", "endpointslices", "prod"), default);

        Assert.True(SelfReviewAnswer.ReadAccess(answer, kube.Outside)!.IsAllowed);
        var sent = Assert.Single(handler.Requests);
        Assert.Equal(
            ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "Bearer secret-token-1"),
            (sent.Method.Method, sent.RequestUri!.AbsolutePath, sent.Headers.Authorization!.ToString()));
        Assert.Equal(
            """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":"""
            + """{"namespace":"prod","verb":"watch","group":"discovery.k8s.io","resource":"endpointslices"}}}""",
            Assert.Single(bodies));
    }

    [Fact]
    public async Task A_review_after_a_401_is_asked_once_more_with_new_credentials()
    {
        var bodies = new List<string>();
        var tokens = 0;
        var handler = new FakeHandler((request, _) => request.Headers.Authorization!.Parameter == "secret-token-1"
            ? Task.FromResult(FakeHandler.Json(401, "{}"))
            : AnswerAsync(request, bodies, """{"status":{"userInfo":{"username":"jane","groups":["a","b",1]}}}"""));
        using var kube = KubeConnection.From(new HttpClient(handler), new Uri("https://kube.test"), (request, _) =>
        {
            request.Headers.Authorization = new("Bearer", $"secret-token-{++tokens}");
            return Task.CompletedTask;
        });
        var answer = SelfReviewAnswer.ReadIdentity(await kube.AskAsync(SelfReview.Identity, default), kube.Outside);
        Assert.Equal(("jane", "a b"), (answer!.User, string.Join(' ', answer.Groups)));
        Assert.Equal("""{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""", Assert.Single(bodies));
    }

    [Fact]
    public async Task An_answer_is_limited_redacted_and_escaped()
    {
        var body = """{"status":{"allowed":false,"reason":"no, secret-token-1\u001b[2J"}}""";
        using var kube = Connect(new FakeHandler(_ => FakeHandler.Json(200, body)));
        var access = SelfReviewAnswer.ReadAccess(
            await kube.AskAsync(SelfReview.Access("list", "", "pods", null), default), kube.Outside)!;
        Assert.DoesNotContain("secret-token-1", access.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', access.Reason);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(-1, 100)]
    [InlineData(0, 100)]
    [InlineData(1, 100)]
    public async Task The_bytes_of_an_answer_are_limited(int beyond, int? option)
    {
        var limits = option is { } bytes ? new ConnectionLimits { MaxAnswerBytes = bytes } : ConnectionLimits.Default;
        var body = """{"status":{"allowed":true}}""".PadRight(limits.MaxAnswerBytes + beyond);
        using var kube = Connect(new FakeHandler(_ => FakeHandler.Json(200, body)), limits);
        if (beyond <= 0)
        {
            Assert.True(SelfReviewAnswer.ReadAccess(await kube.AskAsync(SelfReview.Identity, default), kube.Outside)!.IsAllowed);
            return;
        }

        var error = await Assert.ThrowsAsync<KubeProtocolException>(() => kube.AskAsync(SelfReview.Identity, default));
        Assert.Equal(
            $"The answer has more than {option ?? 65536} bytes. To fix: check the server, or raise ConnectionLimits.MaxAnswerBytes.",
            error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_groups_of_an_identity_are_limited(int beyond)
    {
        var groups = string.Join(',', Enumerable.Range(0, SelfReviewAnswer.MaxGroups + beyond).Select(i => $"\"g{i}\""));
        var answer = Encoding.UTF8.GetBytes($$"""{"status":{"userInfo":{"username":"jane","groups":[{{groups}}]} } }""");

        Assert.Equal(
            SelfReviewAnswer.MaxGroups + Math.Min(beyond, 0),
            SelfReviewAnswer.ReadIdentity(answer, OutsideText.Unowned)!.Groups.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"status":1}""")]
    [InlineData("""{"status":{"allowed":"yes","userInfo":[]}}""")]
    [InlineData("""{"status":{"userInfo":null}}""")]
    public void What_is_no_answer_is_none(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Null(SelfReviewAnswer.ReadAccess(bytes, OutsideText.Unowned));
        Assert.Null(SelfReviewAnswer.ReadIdentity(bytes, OutsideText.Unowned));
    }

    [Fact]
    public async Task A_refusal_names_the_method()
    {
        using var kube = Connect(new FakeHandler(_ => FakeHandler.Json(403, "{}")));
        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.AskAsync(SelfReview.Identity, default));
        Assert.Contains(
            "does not allow POST /apis/authentication.k8s.io/v1/selfsubjectreviews (403)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_body_arrives_whole_when_headers_are_several_lines()
    {
        var bodies = new List<string>();
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Add($"{context.Request.Headers["Impersonate-Group"].Count} {await reader.ReadToEndAsync()}");
        });
        _folder.Write("ca.crt", _authority.Pem);
        var path = _folder.Write("config", ConfigText.Of(
            $"server: {server.Url}\ncertificate-authority: ca.crt", "token: t\nas: jane\nas-groups: [dev, ops]"));
        using var kube = KubeConnection.FromKubeconfig(path, options: TestOptions.With());
        for (var i = 0; i < 3; i++)
        {
            await kube.AskAsync(SelfReview.Identity, default);
        }

        Assert.Equal(
            Enumerable.Repeat("2 " + """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""", 3), bodies);
        Assert.Equal(("CN=server", true), (kube.Tls!.Server.Subject, kube.Tls.IsVerified));
    }

    private static KubeConnection Connect(FakeHandler handler, ConnectionLimits? limits = null) => KubeConnection.From(
        new HttpClient(handler), new Uri("https://kube.test"), (request, _) =>
        {
            request.Headers.Authorization = new("Bearer", "secret-token-1");
            return Task.CompletedTask;
        },
        new() { Limits = limits ?? ConnectionLimits.Default });

    private static async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, List<string> bodies, string answer)
    {
        Assert.Equal("application/json", request.Content!.Headers.ContentType!.MediaType);
        bodies.Add(await request.Content.ReadAsStringAsync());
        return FakeHandler.Json(201, answer);
    }
}
