using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests;

/// <summary><c>MapKubeTopology</c>: what a process believes, as JSON.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private ApiServerSimulator _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServerSimulator.StartAsync();
        _server.Cluster.Apply(Cache.Manifest());
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task It_shows_the_snapshot_its_freshness_and_the_ring()
    {
        await using var app = await StartAsync(app => app.MapKubeTopology());

        var (status, body) = await app.GetAsync("/rxkube/cache");

        var json = JsonNode.Parse(body)!.AsObject();
        var view = app.Services.GetRequiredService<CurrentValue<RingView>>().Required;
        Assert.Equal(200, status);
        Assert.Equal(
            "name namespace service version freshness ageSeconds presence since cause fingerprint ring endpointCount endpoints",
            string.Join(' ', json.Select(property => property.Key)));
        Assert.Equal(("cache", "prod", "cache"), (Text(json, "name"), Text(json, "namespace"), Text(json, "service")));
        Assert.Equal(("live", "ready"), (Text(json, "freshness"), Text(json, "presence")));
        Assert.Equal(app.Services.GetRequiredService<CurrentValue<ServiceTopology>>().Required.Version, Text(json, "version"));
        Assert.Equal($"{new KeyHash(view.Fingerprint)}", Text(json, "fingerprint"));
        Assert.Equal(
            $$"""{"version":"{{view.Version}}","fingerprint":"{{new KeyHash(view.Ring.Fingerprint)}}",""" +
            $$"""  "layout":"{{view.Ring.Layout}}","replicas":2,"memberCount":2,"members":["cache-0","cache-1"]}""".Trim(),
            json["ring"]!.ToJsonString());
        Assert.Equal(
            """{"member":"cache-0","address":"10.0.0.1","ready":true,"serving":true,"terminating":false,"zone":"eu-1","node":"node-1"}""",
            json["endpoints"]![0]!.ToJsonString());
        Assert.Equal(
            """{"member":"cache-1","address":"10.0.0.2","ready":true,"serving":true,"terminating":false,"zone":null,"node":null}""",
            json["endpoints"]![1]!.ToJsonString());
        Assert.InRange((double)json["ageSeconds"]!, 0, 30);
    }

    [Fact]
    public async Task All_topologies_are_listed_by_name_and_an_unknown_one_is_not_found()
    {
        await using var app = await StartAsync(app => app.MapKubeTopology("/debug/topology"), builder => builder.AddKubeTopology("a-db"));

        var all = JsonNode.Parse((await app.GetAsync("/debug/topology")).Body)!["topologies"]!.AsArray();
        Assert.Equal(["a-db", "cache"], all.Select(topology => (string?)topology!["name"]));
        Assert.Equal(404, (await app.GetAsync("/debug/topology/other")).Status);
        Assert.Equal(404, (await app.GetAsync("/rxkube")).Status);
    }

    [Fact]
    public async Task It_only_reads_and_is_not_cached()
    {
        await using var app = await StartAsync(app => app.MapKubeTopology());
        var path = new Uri("/rxkube/cache", UriKind.Relative);

        using var get = await app.Client.GetAsync(path);
        using var head = await app.Client.SendAsync(new(HttpMethod.Head, path));

        Assert.Equal("application/json; charset=utf-8", $"{head.Content.Headers.ContentType}");
        Assert.Equal(get.Content.Headers.ContentLength > 0, head.Content.Headers.ContentLength > 0);
        Assert.True(get.Headers.CacheControl!.NoStore);
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
        {
            using var refused = await app.Client.SendAsync(new(method, path));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        }
    }

    [Fact]
    public async Task It_is_behind_the_authorization_that_the_application_requires()
    {
        await using var app = await StartAsync(app => app.MapKubeTopology().RequireAuthorization(), AddAuthorization);

        Assert.Equal(401, (await app.GetAsync("/rxkube")).Status);
        Assert.Equal(401, (await app.GetAsync("/rxkube/cache")).Status);
        Assert.Equal(401, (await app.GetAsync("/rxkube/other")).Status);
        app.Client.DefaultRequestHeaders.Authorization = new("Test", "operator");
        Assert.Equal(200, (await app.GetAsync("/rxkube")).Status);
    }

    [Fact]
    public async Task It_is_behind_the_fallback_policy_of_the_application()
    {
        await using var app = await StartAsync(app => app.MapKubeTopology(), builder =>
        {
            AddAuthorization(builder);
            var authenticated = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
            builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(authenticated);
        });

        Assert.Equal(401, (await app.GetAsync("/rxkube/cache")).Status);
    }

    [Fact]
    public async Task It_is_not_there_unless_it_is_mapped()
    {
        await using var app = await StartAsync(_ => { });

        Assert.Equal(404, (await app.GetAsync("/rxkube")).Status);
    }

    [Fact]
    public async Task An_outage_has_its_cause_and_what_the_network_sends_is_escaped()
    {
        await _server.DisposeAsync();
        _server = await ApiServerSimulator.StartAsync(new()
        {
            Intercept = (context, _) =>
            {
                context.Response.StatusCode = 403;
                return context.Response.WriteAsJsonAsync(new
                {
                    kind = "Status",
                    apiVersion = "v1",
                    status = "Failure",
                    reason = "Forbidden",
                    code = 403,
                    message = "endpointslices is forbidden: \e[2J\u202e\u00a0<script>\n",
                });
            },
        });
        await using var app = await StartAsync(app => app.MapKubeTopology());

        var (_, body) = await app.GetAsync("/rxkube/cache");

        var json = JsonNode.Parse(body)!;
        Assert.Equal("syncing", (string?)json["freshness"]);
        Assert.Equal("Forbidden", (string?)json["cause"]!["kind"]);
        Assert.True((int)json["cause"]!["failedAttempts"]! >= 1);
        Assert.NotNull(json["since"]);
        Assert.Null(json["ring"]);
        Assert.Null(json["fingerprint"]);
        Assert.All(body, c => Assert.InRange(c, ' ', '~'));
        Assert.Contains("endpointslices is forbidden: ", (string?)json["cause"]!["message"], StringComparison.Ordinal);
        Assert.DoesNotContain((string)json["cause"]!["message"]!, c => c is '\e' or '\u202e');
    }

    [Theory]
    [InlineData(999, 999, null)]
    [InlineData(1000, 1000, null)]
    [InlineData(1001, 1000, null)]
    [InlineData(2, 2, 3)]
    [InlineData(3, 3, 3)]
    [InlineData(4, 3, 3)]
    public async Task The_answer_is_bounded(int members, int shown, int? most)
    {
        _server.Cluster.Delete("endpointslices", "prod", "cache-abc");
        foreach (var slice in Enumerable.Range(0, members).Chunk(100))
        {
            _server.Cluster.Apply(slice.Aggregate(
                Slice.Of($"cache-{slice[0]}", service: "cache", @namespace: "prod", port: 80),
                (large, i) => large.With($"cache-{i}", $"10.0.{i / 100}.{i % 100}")).Manifest());
        }

        await using var app = await StartAsync(
            app => _ = most is { } max ? app.MapKubeTopology(maxEndpoints: max) : app.MapKubeTopology(),
            builder => builder.AddKubeTopology("cache", options => options.FirstSyncTimeout = Eventually.Patience));

        var all = JsonNode.Parse((await app.GetAsync("/rxkube")).Body)!["topologies"]!.AsArray().Single()!;
        Assert.Equal(shown, all["endpoints"]!.AsArray().Count);
        var json = JsonNode.Parse((await app.GetAsync("/rxkube/cache")).Body)!;
        Assert.Equal((members, shown), ((int)json["endpointCount"]!, json["endpoints"]!.AsArray().Count));
        Assert.Equal((members, shown), ((int)json["ring"]!["memberCount"]!, json["ring"]!["members"]!.AsArray().Count));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public async Task The_number_of_endpoints_that_are_shown_has_a_range(int most, bool isValid)
    {
        await using var app = WebApplication.CreateSlimBuilder().Build(); // has no topology, which is the next mistake

        var error = Record.Exception(() => app.MapKubeTopology(maxEndpoints: most));

        Assert.Equal(isValid ? null : "maxEndpoints", (error as ArgumentOutOfRangeException)?.ParamName);
        Assert.Equal(isValid, error is InvalidOperationException);
    }

    [Fact]
    public async Task An_application_without_a_topology_is_told_so_when_it_maps_one()
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var app = builder.Build();

        Assert.Contains(
            "To fix: call builder.AddKubeTopology", Assert.Throws<InvalidOperationException>(() => app.MapKubeTopology()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_token_is_in_the_answer_the_health_the_metrics_or_the_log()
    {
        const string Canary = "canary-token-0123456789";
        _server.Faults.Inject(Fault.Status(401, "Unauthorized"), times: 1000);
        using var client = new HttpClient();
        await using var app = await StartAsync(app => app.MapKubeTopology(), builder =>
            builder.Services.AddSingleton(_ => KubeConnection.From(client, _server.Url, (request, _) =>
            {
                request.Headers.Authorization = new("Bearer", Canary);
                return Task.CompletedTask;
            })));

        foreach (var path in new[] { "/rxkube", "/rxkube/cache", "/health", "/metrics" })
        {
            Assert.DoesNotContain(Canary, (await app.GetAsync(path)).Body, StringComparison.Ordinal);
        }

        Assert.Contains("Unauthorized", app.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, app.Log.All, StringComparison.Ordinal);
    }

    private static Models.EndpointSlice Cache => Slice.Of("cache-abc", service: "cache", @namespace: "prod")
        .With("cache-0", "10.0.0.1", zone: "eu-1", node: "node-1").With("cache-1", "10.0.0.2");

    private static string? Text(JsonObject json, string name) => (string?)json[name];

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
                builder.AddKubeTopology("cache", o => (o.Replicas, o.FirstSyncTimeout) = (2, TimeSpan.FromSeconds(1)));
                configure?.Invoke(builder);
            },
            map);

    private sealed class HeaderAuthentication(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization.Count == 0
                ? AuthenticateResult.NoResult()
                : AuthenticateResult.Success(new(new(new ClaimsIdentity("Test")), "Test")));
    }
}
