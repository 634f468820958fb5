using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace Rx.Kube.Yarp.Tests;

/// <summary>A pod is dead while its slice lists it.</summary>
public sealed class RetryTests
{
    private static readonly (string, string)[] _ring =
        [("LoadBalancingPolicy", "KubeRing"), ("Metadata:KubeRing.Key", "header:x-user"), ("Metadata:KubeRing.Replicas", "2")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_idempotent_request_is_lost_with_retries_and_a_third_is_without(bool hasServiceDefaults)
    {
        await using var pods = await Pods.StartAsync(3);
        await using var with = await Proxy.StartAsync(pods.Server.Url, SetupOf(hasServiceDefaults));
        await using var without = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup { Cluster = _ring, Retries = false });
        await using var passive = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster = [.. _ring, ("HealthCheck:Passive:Enabled", "true")],
            Retries = false,
        });
        await pods["cache-1"].KillAsync();

        async Task<int> LostAsync(Proxy proxy)
        {
            var lost = 0;
            for (var i = 0; i < 150; i++)
            {
                lost += (await proxy.GetAsync("/", i % 2 == 0 ? $"user-{i}" : null)).Status == 200 ? 0 : 1;
            }

            return lost;
        }

        var lost = (With: await LostAsync(with), Passive: await LostAsync(passive), Without: await LostAsync(without));
        Console.WriteLine($"a dead pod of three, of 150 requests lost: {lost}");
        Assert.Equal(0, lost.With);
        Assert.InRange(lost.Without, 30, 70);
        Assert.InRange(lost.Passive, 1, lost.Without);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_is_repeated_at_its_next_replica_and_nowhere_else(bool hasServiceDefaults)
    {
        await using var pods = await Pods.StartAsync(3);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, SetupOf(hasServiceDefaults));
        var key = proxy.KeyOf("cache-1", "cache-2");
        await pods["cache-1"].KillAsync();
        Assert.Equal((200, "cache-2"), await proxy.GetAsync(key: key));

        await pods["cache-2"].KillAsync();
        Assert.NotEqual(200, (await proxy.GetAsync(key: key)).Status);
        Assert.Empty(pods["cache-0"].Requests);
    }

    [Theory]
    [InlineData("GET", null, "/broken", 3)]
    [InlineData("PUT", "small", "/broken", 3)]
    [InlineData("PUT", "large", "/broken", 1)]
    [InlineData("PUT", "chunked", "/broken", 1)]
    [InlineData("POST", null, "/broken", 1)]
    [InlineData("POST", "small", "/broken", 1)]
    [InlineData("GET", null, "/fails", 1)] // an answer is an answer
    public async Task What_was_sent_is_repeated_only_if_it_is_idempotent_and_its_body_is_kept(
        string method, string? body, string path, int requests)
    {
        await using var pods = await Pods.StartAsync(4);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, ("LoadBalancingPolicy", "RoundRobin"));

        var (status, _) = await proxy.SendAsync(new(method), path, content: Content(body));

        Assert.Equal(path == "/fails" ? 500 : 502, status);
        var received = pods.All.SelectMany(pod => pod.Requests).ToList();
        Assert.Equal(requests, received.Count);
        Assert.Single(received.Distinct());
        Assert.All(pods.All, pod => Assert.InRange(pod.Requests.Count, 0, 1));
    }

    [Theory]
    [InlineData("POST", "small")]
    [InlineData("POST", "large")]
    [InlineData("POST", "chunked")]
    [InlineData("PUT", "large")]
    [InlineData("PATCH", "small")]
    public async Task What_could_not_be_sent_is_repeated_whatever_it_is(string method, string body)
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, ("LoadBalancingPolicy", "RoundRobin"));
        await pods["cache-0"].KillAsync();

        for (var i = 0; i < 4; i++)
        {
            using var content = Content(body);
            Assert.Equal((200, "cache-1"), await proxy.SendAsync(new(method), content: content));
        }

        var text = await Content(body)!.ReadAsStringAsync();
        Assert.Equal(Enumerable.Repeat($"{method} / cache {text}", 4), pods["cache-1"].Requests);
    }

    [Fact]
    public async Task Headers_of_a_failed_attempt_are_gone_and_those_of_the_application_stay()
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster =
            [
                ("LoadBalancingPolicy", "RoundRobin"), ("SessionAffinity:Enabled", "true"), ("SessionAffinity:AffinityKeyName", "sid"),
                ("SessionAffinity:Policy", "HashCookie"),
            ],
            App = app => app.Use((HttpContext context, RequestDelegate next) =>
            {
                context.Response.Headers["x-before"] = "1";
                return next(context);
            }),
        });
        await pods["cache-0"].KillAsync();

        for (var i = 0; i < 4; i++)
        {
            using var request = Proxy.Request(HttpMethod.Get, "/");
            using var response = await proxy.Client.SendAsync(request);
            Assert.Equal("cache-1", await response.Content.ReadAsStringAsync());
            Assert.Equal("1", Assert.Single(response.Headers.GetValues("x-before")));
            Assert.Single(response.Headers.GetValues("Set-Cookie")); // of the destination that answered
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_streaming_response_finishes_although_its_pod_has_left(bool hasServiceDefaults)
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, SetupOf(hasServiceDefaults));
        using var request = Proxy.Request(HttpMethod.Get, "/stream", proxy.KeyOf("cache-1"));
        using var response = await proxy.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("cache-1", await reader.ReadLineAsync());

        pods.Drain("cache-1");
        await Task.Delay(100);
        pods.Remove("cache-1");
        await proxy.UntilAsync("cache-0");
        pods["cache-1"].Free.SetResult();

        Assert.Equal("the rest", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_connection_that_is_reset_as_it_is_made_is_repeated_whatever_the_method()
    {
        await using var pods = await Pods.StartAsync(2);
        using var resetting = new ResettingHandler();
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster = _ring,
            Builder = builder => builder.Services.AddSingleton<IForwarderHttpClientFactory>(new Forwarding(resetting)),
        });
        resetting.Hosts = [pods["cache-1"].Address];

        using var content = new StringContent("written once");
        Assert.Equal(
            (200, "cache-0"), await proxy.SendAsync(HttpMethod.Post, key: proxy.KeyOf("cache-1", "cache-0"), content: content));
    }

    [Fact]
    public async Task A_response_that_has_begun_is_cut_off_and_not_mixed_with_another()
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, _ring);
        using var request = Proxy.Request(HttpMethod.Get, "/stream", proxy.KeyOf("cache-1"));
        using var response = await proxy.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("cache-1", await reader.ReadLineAsync());

        await pods["cache-1"].KillAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => reader.ReadToEndAsync());
        Assert.Empty(pods["cache-0"].Requests);
    }

    private static Proxy.Setup SetupOf(bool hasServiceDefaults) => new()
    {
        Cluster = _ring,
        Builder = builder => _ = hasServiceDefaults ? builder.AddServiceDefaults() : builder,
        App = app => _ = hasServiceDefaults ? app.MapDefaultEndpoints() : app,
    };

    private static StringContent? Content(string? body) =>
        body is null ? null
        : body == "chunked" ? new Chunked("hello")
        : new StringContent(body == "small" ? "hello" : new string('x', 100_000));

    private sealed class Chunked(string text) : StringContent(text)
    {
        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Forwarding(HttpMessageHandler handler) : IForwarderHttpClientFactory
    {
        public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) => new(handler, disposeHandler: false);
    }
}
