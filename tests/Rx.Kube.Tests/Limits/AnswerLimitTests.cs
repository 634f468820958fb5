using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Limits;

/// <summary>Each limit on the headers of an answer and on the text of an error, one below, at and one above it.</summary>
public sealed class AnswerLimitTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-1, 64)]
    [InlineData(0, 64)]
    [InlineData(1, 64)]
    [InlineData(-1, 2)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    public async Task The_headers_of_an_answer_over_http1_are_limited(int beyond, int kib)
    {
        const string Start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ", End = "\r\n\r\n";
        var length = (kib * 1024) + beyond;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            _ = await client.GetStream().ReadAtLeastAsync(new byte[1024], 1);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Start.PadRight(length - End.Length, 'x') + End));
            await client.GetStream().ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        });

        await HeadersHold(beyond, kib, Connect($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", kib));
        listener.Stop();
        await Record.ExceptionAsync(() => serving);
    }

    [Theory]
    [InlineData(-1, 64)]
    [InlineData(0, 64)]
    [InlineData(1, 64)]
    [InlineData(-1, 40)]
    [InlineData(0, 40)]
    [InlineData(1, 40)]
    public async Task The_headers_of_an_answer_over_http2_are_limited(int beyond, int kib)
    {
        // The names and the values count. A header of 32 KiB is within every limit of its own.
        const string Others = ":status200" + "content-length0" + "date" + "Thu, 01 Jan 1970 00:00:00 GMT" + "serverKestrel" + "x" + "y";
        await using var server = await LoopbackServer.StartAsync(
            _authority.IssueServer(),
            context =>
            {
                context.Response.Headers["X"] = new string('x', 32 * 1024);
                context.Response.Headers["Y"] = new string('x', ((kib - 32) * 1024) - Others.Length + beyond);
                return Task.CompletedTask;
            },
            protocols: HttpProtocols.Http2);

        await HeadersHold(beyond, kib, Connect(server.Url, kib));
    }

    [Theory]
    [InlineData(-1, "Expired", null)]
    [InlineData(0, "Expired", null)]
    [InlineData(1, "Gone", null)]
    [InlineData(-1, "Expired", 100)]
    [InlineData(0, "Expired", 100)]
    [InlineData(1, "Gone", 100)]
    public async Task The_body_of_an_error_is_read_up_to_its_limit_and_the_status_line_is_used_beyond(
        int beyond, string reason, int? option)
    {
        var limits = option is { } bytes ? new ConnectionLimits { MaxAnswerBytes = bytes } : ConnectionLimits.Default;
        var body = """{"kind":"Status","code":410,"reason":"Expired"}""";
        body = body.Insert(1, new string(' ', limits.MaxAnswerBytes + beyond - body.Length));
        using var kube = KubeConnection.From(
            new HttpClient(new FakeHandler(_ => FakeHandler.Json(410, body))) { Timeout = Timeout.InfiniteTimeSpan },
            new Uri("https://host"), options: new() { Limits = limits });

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Equal((410, reason), (error.Status.Code, error.Status.Reason));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_texts_of_a_status_are_cut_at_their_limits(int beyond)
    {
        var (message, reason) = (KubeStatusReader.MaxMessage + beyond, KubeStatusReader.MaxReason + beyond);
        var causes = string.Join(',', Enumerable.Repeat("""{"reason":"c"}""", KubeStatusReader.MaxCauses + beyond));
        var details = $$"""{"causes":[{{causes}}]}""";
        var (m, r) = (new string('m', message), new string('r', reason));
        var (read, _) = Read($$"""{"kind":"Status","message":"{{m}}","reason":"{{r}}","details":{{details}} }""");

        var status = OutsideText.Unowned.Of(read);

        // What is cut ends with an ellipsis.
        Assert.Equal(KubeStatusReader.MaxMessage + beyond, status.Message.Length);
        Assert.Equal(KubeStatusReader.MaxReason + beyond, status.Reason.Length);
        Assert.Equal((beyond > 0, beyond > 0), (status.Message.EndsWith('…'), status.Reason.EndsWith('…')));
        Assert.Equal(KubeStatusReader.MaxCauses + Math.Min(beyond, 0), status.Causes.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_message_of_a_status_is_cut_in_the_text_of_an_exception(int beyond)
    {
        var message = new string('m', StatusErrors.MaxWords + beyond);
        using var client = new HttpClient(new FakeHandler(_ => FakeHandler.Json(500, $$"""{"kind":"Status","message":"{{message}}"}""")))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var kube = KubeConnection.From(client, new Uri("https://host"));

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        var shown = beyond <= 0 ? message : message[..StatusErrors.MaxWords] + "…";
        Assert.EndsWith($": {shown}.", error.Message, StringComparison.Ordinal);
        Assert.Equal(message, error.Status.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_plain_text_is_the_message_up_to_its_limit(int beyond)
    {
        var text = new string('t', KubeStatusReader.MaxPlainText + beyond);

        Assert.Equal(beyond > 0 ? "" : text, Read(text).Status.Message);
    }

    [Theory]
    [InlineData(-1, "m")]
    [InlineData(0, "m")]
    [InlineData(1, "")]
    public void The_depth_of_a_status_is_limited(int beyond, string message)
    {
        var levels = KubeStatusReader.MaxDepth - 1 + beyond;
        var deep = new string('[', levels) + new string(']', levels);

        Assert.Equal(message, Read($$"""{"kind":"Status","message":"m","x":{{deep}}}""").Status.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_wait_that_a_server_asks_for_is_cut_at_its_limit(int beyond)
    {
        var asked = (int)KubeStatusReader.MaxRetryAfter.TotalSeconds + beyond;
        var expected = KubeStatusReader.MaxRetryAfter + TimeSpan.FromSeconds(Math.Min(beyond, 0));

        Assert.Equal(expected, Read($$$"""{"kind":"Status","details":{"retryAfterSeconds":{{{asked}}}}}""").RetryAfter);
        Assert.Equal(expected, KubeStatusReader.BoundRetryAfter(TimeSpan.FromSeconds(asked)));
    }

    private static async Task HeadersHold(int beyond, int kib, KubeConnection connection)
    {
        using var kube = connection;
        if (beyond <= 0)
        {
            using var response = await kube.GetAsync("x", default);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return;
        }

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("x", default));
        Assert.Contains("sent headers that are too long", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{kib * 1024} bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix: check", error.Message, StringComparison.Ordinal);
        Assert.Contains("or raise ConnectionLimits.MaxHeaderBytes", error.Message, StringComparison.Ordinal);
    }

    private KubeConnection Connect(string server, int kib)
    {
        _folder.Write("ca.crt", _authority.Pem);
        var path = _folder.Write("config", ConfigText.Of($"server: {server}\ncertificate-authority: ca.crt"));
        return KubeConnection.FromKubeconfig(path, options: TestOptions.With() with
        {
            Limits = kib == 64 ? ConnectionLimits.Default : new() { MaxHeaderBytes = kib * 1024 },
        });
    }

    private static (KubeStatus Status, TimeSpan? RetryAfter) Read(string body) => KubeStatusReader.Read(Encoding.UTF8.GetBytes(body), 500);
}
