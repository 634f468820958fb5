// A trimmed program watches a Service and a custom resource over HTTP, makes a ring, does so in a host, and sends a request
// to a Service. Exit code 0 if all it expects arrived.
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Rx.Kube;
using Rx.Kube.Simulator;
using Rx.Kube.TrimmedSmoke;

var patience = TimeSpan.FromSeconds(30);
await using var server = await ApiServerSimulator.StartAsync(new SimulatorOptions
{
    Intercept = CustomResources.ServeAsync,
    AllowedHosts = ["web"],
});
server.Cluster.Create("endpointslices", Slices.Of("cache-0", "cache-1"));
using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
using var kube = KubeConnection.From(client, server.Url);

var cache = kube.EndpointSlices("prod", service: "cache").Resume().ToTopology().WhereSynced().ShareLatest();
var three = cache.FirstAsync(t => t.Members.Count == 3).Timeout(patience).ToTask();
var first = await cache.FirstAsync().Timeout(patience);
Expect("cache-0, cache-1", first.Members.ToString());

server.Cluster.Replace("endpointslices", Slices.Of("cache-0", "cache-1", "cache-2"));
var ring = await Observable.Return(await three).ToHashRing().FirstAsync();
Expect("3", $"{ring.Members.Length}");
Expect("True", $"{ring.TryGetOwner("user-42", out var owner) && owner.Name.StartsWith("cache-", StringComparison.Ordinal)}");

var kind = new ResourceKind<Shard>("example.com", "v1", "shards", ShardJson.Default.Shard);
var shards = await kube.Resources(kind).Resume().OfType<WatchEvent<Shard>.Added>().FirstAsync().Timeout(patience);
Expect("two 7", $"{shards.Object.Metadata?.Name} {shards.Object.Spec?.Keys}");

// The same in a host, whose options come from configuration.
var builder = Host.CreateEmptyApplicationBuilder(new());
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["Kube:Connection:Server"] = server.Url.AbsoluteUri,
    ["Kube:Connection:Namespace"] = "prod",
    ["Kube:Topologies:cache:FirstSyncTimeout"] = "30s",
    ["Kube:Topologies:cache:Replicas"] = "2",
});
builder.AddKubeTopology("cache", options => options.FailStart = true);
builder.AddKubeTopology("web");
builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
builder.Services.AddHttpClient("web").AddKubeRouting(routing => routing.ByHeader("x-key").Replicas(2));
server.Cluster.Create("endpointslices", Slices.Web(server.Url.Port));
using var host = builder.Build();
await host.StartAsync();
var hosted = host.Services.GetRequiredKeyedService<IKubeTopology>("cache").CurrentRing.Required;
Expect("3 2", $"{hosted.Ring.Members.Length} {hosted.Replicas.ReplicationFactor}");
Expect($"{ring.Fingerprint:x16}", $"{hosted.Ring.Fingerprint:x16}");
Expect("Healthy", $"{(await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status}");

// And a request to http://web, which the simulated server answers itself.
using var http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("web");
Expect("ok", await http.GetStringAsync(new Uri("http://web/readyz")));
await host.StopAsync();
Console.WriteLine(
    $"trimmed: {first.Members} -> {ring.Members.Length} members on ring {ring.Fingerprint:x16}; shard {shards.Object.Metadata?.Name}");
return 0;

static void Expect(string expected, string actual)
{
    if (expected != actual)
    {
        Console.Error.WriteLine($"expected '{expected}', but it is '{actual}'");
        Environment.Exit(1);
    }
}

namespace Rx.Kube.TrimmedSmoke
{
    /// <summary>A custom resource.</summary>
    internal sealed record Shard(ShardMetadata? Metadata, ShardSpec? Spec);

    internal sealed record ShardMetadata(string? Name, string? ResourceVersion);

    internal sealed record ShardSpec(int Keys);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Shard))]
    internal sealed partial class ShardJson : JsonSerializerContext;

    /// <summary>Serves <c>shards.example.com</c>, which the simulator does not know: a list, then a watch with one event.</summary>
    internal static class CustomResources
    {
        private const string List =
            """{"kind":"ShardList","apiVersion":"example.com/v1","metadata":{"resourceVersion":"10"},"items":""" +
            """[{"metadata":{"name":"one","resourceVersion":"9"},"spec":{"keys":3}}]}""";

        private const string Event =
            """{"type":"ADDED","object":""" +
            """{"kind":"Shard","apiVersion":"example.com/v1","metadata":{"name":"two","resourceVersion":"11"},"spec":{"keys":7}}}""";

        public static async Task ServeAsync(HttpContext context, Func<Task> next)
        {
            if (!context.Request.Path.StartsWithSegments("/apis/example.com/v1/shards", StringComparison.Ordinal))
            {
                await next();
                return;
            }

            context.Response.ContentType = "application/json";
            if (context.Request.Query["sendInitialEvents"] == "true")
            {
                context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity; // like a server without streaming lists
                return;
            }

            if (context.Request.Query["watch"] != "true")
            {
                await context.Response.WriteAsync(List);
                return;
            }

            await context.Response.WriteAsync(Event + "\n");
            await context.Response.Body.FlushAsync();
            var gone = new TaskCompletionSource();
            await using var _ = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        }
    }

    internal static class Slices
    {
        public static JsonObject Web(int port) => new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "web-abc",
                ["namespace"] = "prod",
                ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = "web" },
            },
            ["addressType"] = "IPv4",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = port, ["protocol"] = "TCP" }),
            ["endpoints"] = new JsonArray(new JsonObject { ["addresses"] = new JsonArray("127.0.0.1") }),
        };

        public static JsonObject Of(params string[] pods) => new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "cache-abc",
                ["namespace"] = "prod",
                ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = "cache" },
            },
            ["addressType"] = "IPv4",
            ["endpoints"] = new JsonArray([.. pods.Select((pod, i) => (JsonNode)new JsonObject
            {
                ["addresses"] = new JsonArray($"10.0.0.{i + 1}"),
                ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = "prod", ["name"] = pod },
            })]),
        };
    }
}
