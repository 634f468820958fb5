using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rx.Kube.Grpc.Tests.Support;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.Ecosystem.Tests.Support;

/// <summary>An application that reaches the Service <c>cache</c> in every way: HttpClient, gRPC and a reverse proxy.</summary>
internal sealed class OneProcess : IAsyncDisposable
{
    public const string Routed = "routed", Discovered = "discovered", Called = "called", Proxied = "proxied";

    private readonly WebApplication _app;
    private readonly HttpClient _browser;

    private OneProcess(WebApplication app, RequestLog log, Counters counters)
    {
        (_app, Log, Counted) = (app, log, counters);
        _browser = new()
        {
            BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
    }

    public static string[] Ways => [Routed, Discovered, Called, Proxied];

    /// <summary>Gets what was sent to the API server.</summary>
    public RequestLog Log { get; }

    public Counters Counted { get; }

    public IKubeTopology Topology => _app.Services.GetRequiredService<IKubeTopology>();

    public static Task<OneProcess> StartAsync(
        PodCluster cluster, bool hasServiceDefaults = false, params (string Key, string? Value)[] settings) => Task.Run(async () =>
    {
        var (log, counters) = (new RequestLog(), new Counters());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Proxy:Routes:all:ClusterId"] = "cache",
            ["Proxy:Routes:all:Match:Path"] = "/{**rest}",
            ["Proxy:Clusters:cache:LoadBalancingPolicy"] = "KubeRing",
            ["Proxy:Clusters:cache:Destinations:c:Address"] = "http://cache",
        }.Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_ =>
        {
            counters.OnConnection();
            return log.ConnectTo(cluster.Server.Url);
        });
        if (hasServiceDefaults)
        {
            builder.AddServiceDefaults();
        }

        builder.AddKubeTopology("cache");
        builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
        builder.Services.AddHttpClient(Routed, client => client.BaseAddress = new("http://cache"))
            .ConfigurePrimaryHttpMessageHandler(counters.CreateHandler).SetHandlerLifetime(TimeSpan.FromSeconds(1)).AddKubeRouting();
        builder.Services.AddHttpClient(Discovered, client => client.BaseAddress = new("http://cache"))
            .ConfigurePrimaryHttpMessageHandler(counters.CreateHandler).SetHandlerLifetime(TimeSpan.FromSeconds(1)).AddServiceDiscovery();
        builder.Services.AddGrpcClient<PodClient>(client => client.Address = new("k8s:///cache")).AddKubeLoadBalancing(r => r.Retry());
        builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("Proxy")).AddKubeDestinations();
        var app = builder.Build();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseKubeRetry();
            proxy.UseLoadBalancing();
        });
        await app.StartAsync();
        return new OneProcess(app, log, counters);
    });

    /// <summary>Gets the name of the pod that answers, without a key.</summary>
    public async Task<string> AskAsync(string way)
    {
        if (way == Called)
        {
            return await _app.Services.GetRequiredService<PodClient>().NameAsync();
        }

        var client = way == Proxied ? _browser : _app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(way);
        return await client.GetStringAsync(new Uri("/", UriKind.Relative));
    }

    /// <summary>Gets how many of a number of requests each pod answers, such as <c>cache-0 20</c>.</summary>
    public async Task<string[]> TallyAsync(string way, int requests)
    {
        List<string> answers = [];
        for (var i = 0; i < requests; i++)
        {
            answers.Add(await AskAsync(way));
        }

        return [.. answers.CountBy(name => name).Select(pod => $"{pod.Key} {pod.Value}").Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _browser.Dispose();
    }

    /// <summary>Counts the connections to API servers, and the handlers that the factory of HttpClient has made.</summary>
    internal sealed class Counters
    {
        private int _connections;
        private int _handlers;

        public int Connections => Volatile.Read(ref _connections);

        public int Handlers => Volatile.Read(ref _handlers);

        public void OnConnection() => Interlocked.Increment(ref _connections);

        public HttpMessageHandler CreateHandler()
        {
            Interlocked.Increment(ref _handlers);
            return new SocketsHttpHandler();
        }
    }
}
