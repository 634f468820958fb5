using System.Net;
using static Rx.Kube.Simulator.Tests.KubeObjects;
using static Rx.Kube.Simulator.Tests.SimulatorRequests;

namespace Rx.Kube.Simulator.Tests;

public sealed class FaultTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_status_fault_answers_the_given_number_of_requests_with_Retry_After()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        server.Faults.Inject(Fault.Status(429, "TooManyRequests", retryAfterSeconds: 7), times: 2);

        for (var i = 0; i < 2; i++)
        {
            using var response = await client.GetAsync(new Uri(Slices, UriKind.Relative));
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
            Assert.Contains("\"retryAfterSeconds\":7", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(200, (await client.GetJsonAsync(Slices)).Status);
    }

    [Fact]
    public async Task A_fault_waits_for_a_matching_request()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        server.Faults.Inject(Fault.Gone, when: r => r.Query.ContainsKey("watch"));

        Assert.Equal(200, (await client.GetJsonAsync(Slices)).Status);
        using var watch = await client.WatchAsync("resourceVersion=1");
        Assert.Equal(410, watch.Status);
    }

    [Fact]
    public async Task A_truncated_watch_ends_in_the_middle_of_a_line()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        server.Cluster.Create("endpointslices", Slice("a"));
        server.Faults.Inject(Fault.Truncate(afterBytes: 50));

        using var response = await client.GetAsync(
            new Uri(Slices + "?watch=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1000];
        var read = 0;
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                var n = await body.ReadAsync(buffer.AsMemory(read));
                Assert.NotEqual(0, n);
                read += n;
            }
        });
        Assert.Equal(50, read);
    }

    [Fact]
    public async Task An_aborted_request_fails_and_the_next_one_succeeds()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var client = server.Client();
        server.Faults.Inject(Fault.Abort);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(new Uri(Slices, UriKind.Relative), new StringContent("{}")));
        Assert.Equal(200, (await client.GetJsonAsync(Slices)).Status);
    }

    [Fact]
    public async Task A_delay_is_measured_by_the_given_clock()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Time = _time });
        using var client = server.Client();
        server.Faults.Inject(Fault.Delay(TimeSpan.FromMinutes(5)));

        var answer = client.GetJsonAsync(Slices);
        while (!answer.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Equal(200, (await answer).Status);
        Assert.True(_time.GetUtcNow() >= new DateTimeOffset(2030, 1, 1, 0, 5, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_interceptor_may_answer_itself()
    {
        await using var server = await ApiServerSimulator.StartAsync(new()
        {
            Intercept = (context, next) =>
            {
                if (context.Request.Path != "/teapot")
                {
                    return next();
                }

                context.Response.StatusCode = 418;
                return Task.CompletedTask;
            },
        });
        using var client = server.Client();
        using var teapot = await client.GetAsync(new Uri("teapot", UriKind.Relative));
        Assert.Equal(418, (int)teapot.StatusCode);
        Assert.Equal(200, (await client.GetJsonAsync(Slices)).Status);
    }
}
