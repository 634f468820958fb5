using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests.RingPages;

/// <summary><c>MapKubeRing</c>: the page of a ring in an application.</summary>
public sealed class RingEndpointTests : IAsyncLifetime
{
    private ApiServerSimulator _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServerSimulator.StartAsync();
        _server.Cluster.Apply(Cache.Manifest());
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task The_pattern_leads_to_the_page_which_allows_only_its_own_script()
    {
        await using var app = await StartAsync(app => app.MapKubeRing());

        using var response = await app.Client.GetAsync(new Uri("/ring", UriKind.Relative));

        Assert.Equal("/ring/cache", response.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal("text/html; charset=utf-8", $"{response.Content.Headers.ContentType}");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(response.Headers.CacheControl!.NoStore);
        var html = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("innerHTML", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ring", "ring/cache")]
    [InlineData("/ring/", "cache")]
    public async Task The_way_to_the_page_is_relative(string path, string location)
    {
        await using var app = await StartAsync(app => app.MapKubeRing());
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Client.BaseAddress };

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal((HttpStatusCode.Found, location), (response.StatusCode, $"{response.Headers.Location}"));
    }

    [Fact]
    public async Task The_stream_begins_with_the_state_and_goes_on_with_differences()
    {
        await using var app = await StartAsync(app => app.MapKubeRing("/debug/ring"), builder => builder.AddKubeTopology("a-db"));
        using var stream = await OpenAsync(app, "/debug/ring/cache/events");

        var (kind, id, first) = await stream.NextAsync();
        Assert.Equal("full", kind);
        Assert.Equal("prod/cache", (string?)first["service"]);
        Assert.Equal(["a-db", "cache"], first["pages"]!.AsArray().Select(page => (string?)page));
        var view = app.Services.GetRequiredKeyedService<CurrentValue<RingView>>("cache").Required;
        while (first["ring"] is null)
        {
            (kind, id, first) = await stream.NextAsync();
        }

        Assert.Equal($"{new KeyHash(view.Ring.Fingerprint)}", (string?)first["ring"]!["fingerprint"]);
        Assert.Equal($"{new KeyHash(view.Fingerprint)}", (string?)first["ring"]!["placement"]);

        _server.Cluster.Apply(Cache.With("cache-2", "10.0.0.3").Manifest());
        JsonObject next;
        do
        {
            (kind, _, next) = await stream.NextAsync();
            Assert.Equal("diff", kind);
        }
        while ((int)next["ring"]!["memberCount"]! != 3);

        using var again = await OpenAsync(app, $"/debug/ring/cache/events?after={id}");
        Assert.Equal("diff", (await again.NextAsync()).Kind);
        using var header = await OpenAsync(app, "/debug/ring/cache/events", id);
        Assert.Equal("diff", (await header.NextAsync()).Kind);
        using var unknown = await OpenAsync(app, "/debug/ring/cache/events?after=0-1");
        Assert.Equal("full", (await unknown.NextAsync()).Kind);
    }

    [Fact]
    public async Task A_walk_is_that_of_the_ring_and_what_is_not_there_is_not_found()
    {
        await using var app = await StartAsync(app => app.MapKubeRing());
        await app.Client.GetAsync(new Uri("/ring/cache", UriKind.Relative));
        await Eventually.TrueAsync(
            async () => (await app.GetAsync("/ring/cache/walk?key=user:42")).Status == 200, "the page has a ring");

        var walk = JsonNode.Parse((await app.GetAsync("/ring/cache/walk?key=user:42")).Body)!;

        var view = app.Services.GetRequiredService<CurrentValue<RingView>>().Required;
        Assert.Equal(
            view.Replicas.ReplicasOf("user:42").Members.Select(member => member.Name),
            walk["replicas"]!.AsArray().Select(replica => (string?)replica!["member"]));
        foreach (var (length, status) in new[] { (1023, 200), (1024, 200), (1025, 414) })
        {
            Assert.Equal(status, (await app.GetAsync($"/ring/cache/walk?key={new string('x', length)}")).Status);
        }

        string[] unknown = ["/ring/other", "/ring/other/events", "/ring/cache/at?at=99", "/ring/cache/at", "/ring/cache/no", "/rxkube"];
        foreach (var path in unknown)
        {
            Assert.Equal((path, 404), (path, (await app.GetAsync(path)).Status));
        }
    }

    [Fact]
    public async Task It_only_reads_and_pages_of_other_origins_get_no_data()
    {
        await using var app = await StartAsync(app => app.MapKubeRing());

        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
        {
            using var refused = await app.Client.SendAsync(new(method, new Uri("/ring/cache", UriKind.Relative)));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        }

        foreach (var resource in new[] { "events", "at?at=1", "walk?key=x" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/ring/cache/{resource}", UriKind.Relative));
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
            using var refused = await app.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Fact]
    public async Task It_is_behind_the_authorization_that_the_application_requires()
    {
        await using var app = await StartAsync(app => app.MapKubeRing().RequireAuthorization(), AddAuthorization);

        foreach (var path in new[] { "/ring", "/ring/cache", "/ring/cache/events", "/ring/cache/at?at=1", "/ring/cache/walk?key=x" })
        {
            Assert.Equal((path, 401), (path, (await app.GetAsync(path)).Status));
        }

        app.Client.DefaultRequestHeaders.Authorization = new("Test", "operator");
        Assert.Equal(200, (await app.GetAsync("/ring/cache")).Status);
    }

    [Fact]
    public async Task It_is_behind_the_fallback_policy_of_the_application()
    {
        await using var app = await StartAsync(app => app.MapKubeRing(), builder =>
        {
            AddAuthorization(builder);
            builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(
                new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        });

        Assert.Equal(401, (await app.GetAsync("/ring/cache/events")).Status);
    }

    [Theory]
    [InlineData("/ring/cache")]
    [InlineData("/ring/cache/events")]
    [InlineData("/ring/cache/key?key=a")]
    public async Task A_page_of_one_host_is_not_found_at_another(string path)
    {
        await using var app = await StartAsync(app => app.MapKubeRing().RequireHost("ring.example"));

        Assert.Equal(404, (await app.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Another_host_than_those_that_the_application_allows_is_refused()
    {
        await using var app = await StartAsync(app => app.MapKubeRing(), builder => builder.Configuration["AllowedHosts"] = "ring.example");

        Assert.Equal(400, (await app.GetAsync("/ring/cache")).Status);
    }

    [Fact]
    public async Task Open_streams_do_not_hold_up_the_stop_of_the_application()
    {
        var app = await StartAsync(app => app.MapKubeRing());
        using var stream = await OpenAsync(app, "/ring/cache/events");
        await stream.NextAsync();

        await app.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task The_length_of_a_key_is_an_option(int length)
    {
        await using var app = await StartAsync(app => app.MapKubeRing(options: new() { MaxKeyLength = 5 }));
        await app.Client.GetAsync(new Uri("/ring/cache", UriKind.Relative));
        await Eventually.TrueAsync(async () => (await app.GetAsync("/ring/cache/walk?key=x")).Status == 200, "the page has a ring");

        Assert.Equal(length > 5 ? 414 : 200, (await app.GetAsync($"/ring/cache/walk?key={new string('x', length)}")).Status);
    }

    [Theory]
    [InlineData(64)] // the default
    [InlineData(2)]
    public async Task The_number_of_streams_has_a_limit(int limit)
    {
        await using var app = await StartAsync(app => app.MapKubeRing(options: limit == 64 ? null : new() { MaxStreams = limit }));
        var streams = new List<EventStream>();
        for (var i = 0; i < limit; i++)
        {
            streams.Add(await OpenAsync(app, "/ring/cache/events"));
        }

        using var refused = await app.Client.GetAsync(new Uri("/ring/cache/events", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        streams[0].Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await app.Client.GetAsync(
                    new Uri("/ring/cache/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
                return response.IsSuccessStatusCode;
            },
            "a stream that has ended counts no more");
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task An_application_without_a_topology_is_told_so_when_it_maps_one()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains(
            "To fix: call builder.AddKubeTopology", Assert.Throws<InvalidOperationException>(() => app.MapKubeRing()).Message,
            StringComparison.Ordinal);
    }

    private static Models.EndpointSlice Cache => Slice.Of("cache-abc", service: "cache", @namespace: "prod")
        .With("cache-0", "10.0.0.1", zone: "eu-1", node: "node-1").With("cache-1", "10.0.0.2");

    private static async Task<EventStream> OpenAsync(TestApplication app, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("Last-Event-ID", lastEventId is null ? [] : new[] { lastEventId });
        var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream; charset=utf-8", $"{response.Content.Headers.ContentType}");
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    private static void AddAuthorization(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("Test", null);
        builder.Services.AddAuthorization();
    }

    private Task<TestApplication> StartAsync(Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null) =>
        TestApplication.StartAsync(
            _server.Url,
            builder =>
            {
                builder.AddKubeTopology("cache", options => options.Replicas = 2);
                configure?.Invoke(builder);
            },
            map);

    private sealed record EventStream(HttpResponseMessage Response, StreamReader Lines) : IDisposable
    {
        public async Task<(string Kind, string Id, JsonObject Data)> NextAsync()
        {
            var (kind, id) = ("", "");
            while (true)
            {
                var line = await Lines.ReadLineAsync().WaitAsync(Eventually.Patience);
                Assert.NotNull(line);
                kind = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : kind;
                id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return (kind, id, JsonNode.Parse(line[6..])!.AsObject());
                }
            }
        }

        public void Dispose()
        {
            Lines.Dispose();
            Response.Dispose();
        }
    }

    private sealed class HeaderAuthentication(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization.ToString().StartsWith("Test ", StringComparison.Ordinal)
                ? AuthenticateResult.Success(new(new(new System.Security.Claims.ClaimsIdentity("Test")), "Test"))
                : AuthenticateResult.NoResult());
    }
}
