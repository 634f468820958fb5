using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>One request over an application's own client, in virtual time.</summary>
public class RequestTests
{
    private readonly HistoricalScheduler _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("https://host:6443", "https://host:6443/api/v1/pods?limit=5")]
    [InlineData("https://host/k8s/clusters/c-1", "https://host/k8s/clusters/c-1/api/v1/pods?limit=5")]
    [InlineData("https://host/k8s/clusters/c-1/", "https://host/k8s/clusters/c-1/api/v1/pods?limit=5")]
    public async Task A_path_is_below_the_server(string server, string expected)
    {
        var handler = new FakeHandler(_ => FakeHandler.Json(200, "{}"));
        using var kube = Connect(handler, server: server);

        using var response = await kube.GetAsync("api/v1/pods?limit=5", default);

        Assert.Equal(expected, handler.Requests.Single().RequestUri!.AbsoluteUri);
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("@evil.example/x")]
    [InlineData("https://evil.example/x")]
    public async Task A_path_never_leaves_the_server(string path)
    {
        var handler = new FakeHandler(_ => FakeHandler.Json(200, "{}"));
        using var kube = Connect(handler);

        using var response = await kube.GetAsync(path, default);

        Assert.Equal("host:6443", handler.Requests.Single().RequestUri!.Authority);
    }

    [Fact]
    public async Task After_a_401_credentials_are_requested_once_more()
    {
        var tokens = new Queue<string>(["old", "new"]);
        var handler = new FakeHandler(r => FakeHandler.Json(r.Headers.Authorization!.Parameter == "new" ? 200 : 401, "{}"));
        using var kube = Connect(handler, authorize: (request, _) =>
        {
            request.Headers.Authorization = new("Bearer", tokens.Dequeue());
            return Task.CompletedTask;
        });

        using var response = await kube.GetAsync("x", default);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, handler.Requests.Count);
    }

    [Fact]
    public async Task A_second_401_is_an_error()
    {
        var handler = new FakeHandler(_ => FakeHandler.Json(
            401, """{"kind":"Status","code":401,"reason":"Unauthorized","message":"Unauthorized"}"""));
        using var kube = Connect(handler, authorize: (_, _) => Task.CompletedTask);

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("api/v1/pods", default));

        Assert.Equal(2, handler.Requests.Count);
        Assert.Equal(401, error.Status.Code);
        Assert.Contains("host:6443", error.Message, StringComparison.Ordinal);
        Assert.Contains("/api/v1/pods", error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_401_without_new_credentials_nothing_is_sent_again()
    {
        var handler = new FakeHandler(_ => FakeHandler.Json(401, "{}"));
        using var kube = Connect(handler);

        await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task A_403_keeps_the_servers_text()
    {
        const string Words = "endpointslices.discovery.k8s.io is forbidden: User \"reader\" cannot watch";
        var handler = new FakeHandler(_ => FakeHandler.Json(
            403,
            """{"kind":"Status","code":403,"reason":"Forbidden","message":""" +
            $$"""{{System.Text.Json.JsonSerializer.Serialize(Words)}}}"""));
        using var kube = Connect(handler);

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Equal(Words, error.Status.Message);
        Assert.Contains(Words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_text_is_escaped_in_a_message()
    {
        var handler = new FakeHandler(_ => FakeHandler.Json(403, """{"kind":"Status","message":"\u001b[2J\r\nfake line \u202e"}"""));
        using var kube = Connect(handler);

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.DoesNotContain(error.Message, c => char.IsControl(c) || c == '\u202e');
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("99999999", 86_400)]
    [InlineData("Tue, 01 Jan 2030 00:00:30 GMT", 30)]
    [InlineData("Tue, 01 Jan 2019 00:00:30 GMT", 0)]
    [InlineData("Thu, 01 Jan 2099 00:00:30 GMT", 86_400)]
    public async Task Retry_after_comes_from_the_header(string header, int seconds)
    {
        var handler = new FakeHandler(_ =>
        {
            var response = FakeHandler.Json(429, """{"kind":"Status","code":429,"details":{"retryAfterSeconds":55}}""");
            response.Headers.TryAddWithoutValidation("Retry-After", header);
            return response;
        });
        using var kube = Connect(handler);

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Equal(TimeSpan.FromSeconds(seconds), error.RetryAfter);
    }

    [Theory]
    [InlineData("Tue, 01 Jan 2030 00:10:00 GMT", "Tue, 01 Jan 2030 00:10:05 GMT", 5)]
    [InlineData("Mon, 31 Dec 2029 23:50:00 GMT", "Mon, 31 Dec 2029 23:50:05 GMT", 5)]
    [InlineData("Tue, 01 Jan 2030 00:10:00 GMT", "Tue, 01 Jan 2030 00:09:00 GMT", 0)]
    public async Task A_Retry_after_date_is_compared_with_the_servers_own_Date(string date, string retryAfter, int seconds)
    {
        var handler = new FakeHandler(_ =>
        {
            var response = FakeHandler.Json(429, "{}");
            response.Headers.TryAddWithoutValidation("Date", date);
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            return response;
        });
        using var kube = Connect(handler);

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Equal(TimeSpan.FromSeconds(seconds), error.RetryAfter);
    }

    [Theory]
    [InlineData(
        504, """{"kind":"Status","code":504,"reason":"Timeout","details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}""", true)]
    [InlineData(500, """{"kind":"Status","code":500,"details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}""", true)]
    [InlineData(504, """{"kind":"Status","reason":"Timeout","message":"Timeout: Too large resource version: 9, current: 5"}""", true)]
    [InlineData(500, """{"kind":"Status","message":"Too large resource version: 9, current: 5"}""", true)]
    [InlineData(504, """{"kind":"Status","reason":"Timeout","message":"the request did not complete in time"}""", false)]
    [InlineData(400, """{"kind":"Status","message":"Too large resource version: 9, current: 5"}""", false)]
    public async Task A_version_that_the_server_has_not_reached_is_known(int code, string body, bool isTooLarge)
    {
        using var kube = Connect(new FakeHandler(_ => FakeHandler.Json(code, body)));

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Equal(isTooLarge, error.IsTooLarge);
    }

    [Fact]
    public async Task Retry_after_comes_from_the_status()
    {
        var handler = new FakeHandler(_ => FakeHandler.Json(503, """{"kind":"Status","code":503,"details":{"retryAfterSeconds":3}}"""));
        using var kube = Connect(handler);

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Equal(TimeSpan.FromSeconds(3), error.RetryAfter);
    }

    [Fact]
    public async Task An_endless_error_body_is_cut()
    {
        var handler = new FakeHandler(
            _ => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StreamContent(new EndlessStream()) });
        using var kube = Connect(handler);

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Equal(502, error.Status.Code);
    }

    [Fact]
    public async Task A_redirect_is_an_error_that_names_only_the_host()
    {
        var handler = new FakeHandler(_ =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.Found);
            response.Headers.Location = new Uri("https://login.example/start?state=SECRET");
            return response;
        });
        using var kube = Connect(handler);

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Contains("login.example", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task A_304_to_a_request_without_a_condition_is_not_told_as_a_redirect()
    {
        using var kube = Connect(new FakeHandler(_ => new HttpResponseMessage(HttpStatusCode.NotModified)));

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("x", default));

        Assert.Contains(" answered GET /x with 304", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_headers_time_out_in_virtual_time()
    {
        var handler = new FakeHandler((_, ct) => Never(ct));
        using var kube = Connect(handler);

        var answer = kube.GetAsync("x", default);
        _clock.AdvanceBy(TimeSpan.FromSeconds(29.9));
        Assert.False(answer.IsCompleted);
        _clock.AdvanceBy(TimeSpan.FromSeconds(0.1));

        var error = Assert.IsType<KubeTransportException>(answer.Exception!.InnerException);
        Assert.Contains("host:6443 did not answer within 30 s", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsUntrusted);
    }

    [Fact]
    public void An_authorize_callback_that_hangs_is_ended_for_a_watch_too()
    {
        using var kube = Connect(new FakeHandler(_ => FakeHandler.Json(200, "{}")), authorize: (_, ct) => Never(ct));

        var answer = kube.GetAsync("x", AcceptedFormats.Json, isWatch: true, default);
        _clock.AdvanceBy(TimeSpan.FromSeconds(30));

        Assert.IsType<KubeTransportException>(answer.Exception!.InnerException);
    }

    [Fact]
    public void A_stuck_error_body_times_out_with_its_status()
    {
        var handler = new FakeHandler(
            _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StreamContent(new StuckStream()) });
        using var kube = Connect(handler);

        var answer = kube.GetAsync("x", default);
        Assert.False(answer.IsCompleted);
        _clock.AdvanceBy(TimeSpan.FromSeconds(30));

        Assert.Equal(503, Assert.IsType<KubeStatusException>(answer.Exception!.InnerException).Status.Code);
    }

    [Fact]
    public async Task An_answered_request_leaves_no_timer()
    {
        var handler = new FakeHandler(_ => FakeHandler.Json(200, "{}"));
        using var kube = Connect(handler);

        var answer = kube.GetAsync("x", default);

        Assert.True(answer.IsCompletedSuccessfully);
        _clock.AdvanceBy(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public void A_cancellation_has_the_callers_token()
    {
        var handler = new FakeHandler((_, ct) => Never(ct));
        using var kube = Connect(handler);
        using var caller = new CancellationTokenSource();

        var answer = kube.GetAsync("x", caller.Token);
        caller.Cancel();

        Assert.True(answer.IsCanceled);
    }

    [Fact]
    public async Task Dispose_ends_waiting_requests()
    {
        var handler = new FakeHandler((_, ct) => Never(ct));
        var kube = Connect(handler);

        var answer = kube.GetAsync("x", default);
        kube.Dispose();

        Assert.IsType<ObjectDisposedException>(answer.Exception!.InnerException);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => kube.GetAsync("x", default));
    }

    [Fact]
    public async Task A_timeout_of_the_applications_client_is_not_a_cancellation()
    {
        var handler = new FakeHandler((_, ct) => Never(ct));
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromMilliseconds(1) };
        using var kube = KubeConnection.From(client, new Uri("https://host:6443"));

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("x", default));

        Assert.Contains("InfiniteTimeSpan", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disposed_client_of_the_application_is_reported_as_disposed()
    {
        var client = new HttpClient(new FakeHandler(_ => FakeHandler.Json(200, "{}"))) { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri("https://host:6443"));
        client.Dispose();

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => kube.GetAsync("x", default));

        Assert.Contains("The HttpClient for host:6443 is disposed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_clients_disposal_with_the_connection_is_opt_in(bool disposeClient)
    {
        using var client = new HttpClient(new FakeHandler(_ => FakeHandler.Json(200, "{}"))) { Timeout = Timeout.InfiniteTimeSpan };
        KubeConnection.From(client, new Uri("https://host:6443"), disposeClient: disposeClient).Dispose();

        var error = await Record.ExceptionAsync(() => client.GetAsync(new Uri("https://host:6443/x")));

        Assert.Equal(disposeClient, error is ObjectDisposedException);
    }

    [Fact]
    public async Task The_HTTP_version_is_the_clients_default_unless_the_callback_changes_it()
    {
        var handler = new FakeHandler(_ => FakeHandler.Json(200, "{}"));
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = HttpVersion.Version20 };
        using var kube = KubeConnection.From(client, new Uri("https://host:6443"));
        using var changed = KubeConnection.From(client, new Uri("https://host:6443"), (request, _) =>
        {
            request.Version = HttpVersion.Version30;
            return Task.CompletedTask;
        });

        (await kube.GetAsync("x", default)).Dispose();
        (await changed.GetAsync("x", default)).Dispose();

        Assert.Equal([HttpVersion.Version20, HttpVersion.Version30], handler.Requests.Select(r => r.Version));
    }

    [Fact]
    public async Task A_server_that_does_not_listen_is_reported()
    {
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri($"https://127.0.0.1:{port}"));

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("x", default));

        Assert.Contains($"127.0.0.1:{port} refuses connections", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsUntrusted);
    }

    [Fact]
    public async Task An_unknown_name_is_reported()
    {
        var handler = new FakeHandler((_, _) => throw new HttpRequestException(HttpRequestError.NameResolutionError, "x"));
        using var kube = Connect(handler);

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("x", default));

        Assert.Contains("DNS does not know the name host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_authorize_callback_is_a_configuration_error()
    {
        using var kube = Connect(
            new FakeHandler(_ => FakeHandler.Json(200, "{}")), authorize: (_, _) => throw new InvalidOperationException("boom"));

        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => kube.GetAsync("x", default));

        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    private KubeConnection Connect(
        FakeHandler handler, Func<HttpRequestMessage, CancellationToken, Task>? authorize = null, string server = "https://host:6443")
    {
        // xunit's context posts continuations to other threads, and virtual time has one thread.
        SynchronizationContext.SetSynchronizationContext(null);
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        return KubeConnection.From(client, new Uri(server), authorize, TestOptions.With(scheduler: _clock));
    }

    private static async Task<HttpResponseMessage> Never(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        return await never.Task.ConfigureAwait(false);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }

    private sealed class StuckStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Never(cancellationToken).ConfigureAwait(false);
            return 0;
        }
    }
}
