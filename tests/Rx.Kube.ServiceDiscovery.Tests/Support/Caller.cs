using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rx.Kube.ServiceDiscovery.Tests.Support;

/// <summary>A started host that calls the Service <c>cache</c> with the HttpClient of that name.</summary>
internal sealed class Caller : IAsyncDisposable
{
    private readonly IHost _host;

    private Caller(IHost host, RecordedLog log) => (_host, Log) = (host, log);

    public RecordedLog Log { get; }

    public IServiceProvider Services => _host.Services;

    public IKubeTopology Topology => Services.GetRequiredService<IKubeTopology>();

    public HttpClient Client => Services.GetRequiredService<IHttpClientFactory>().CreateClient("cache");

    public static async Task<Caller> StartAsync(
        PodCluster cluster, Action<HostApplicationBuilder> configure, Action<KubeTopologyOptions>? options = null,
        params (string Key, string Value)[] settings)
    {
        var log = new RecordedLog();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Configuration["Kube:Connection:Server"] = cluster.Server.Url.AbsoluteUri;
        builder.Configuration["Kube:Connection:Namespace"] = "prod";
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
        builder.AddKubeTopology("cache", options);
        configure(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new Caller(host, log);
    }

    /// <summary>Starts a host with service discovery alone.</summary>
    public static Task<Caller> DiscoveringAsync(PodCluster cluster, params (string Key, string Value)[] settings) => StartAsync(
        cluster,
        builder =>
        {
            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
            builder.Services.AddHttpClient("cache", Base).AddServiceDiscovery();
        },
        settings: settings);

    /// <summary>Starts a host with routing alone.</summary>
    public static Task<Caller> RoutingAsync(
        PodCluster cluster, Action<KubeRouting>? routing = null, Action<KubeTopologyOptions>? options = null,
        params (string Key, string Value)[] settings) => StartAsync(
        cluster, builder => builder.Services.AddHttpClient("cache", Base).AddKubeRouting(routing), options, settings);

    public static void Base(HttpClient client) => client.BaseAddress = new("http://cache");

    /// <summary>Gets the name of the pod that answers.</summary>
    public async Task<string> AskAsync(string path = "/", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.RelativeOrAbsolute));
        if (key is not null)
        {
            request.Headers.Add("x-key", key);
        }

        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync()).Split(' ')[0];
    }

    /// <summary>Gets how many of a number of requests each pod answers.</summary>
    public async Task<SortedDictionary<string, int>> TallyAsync(int requests, string? key = null)
    {
        var tally = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < requests; i++)
        {
            var pod = await AskAsync(key: key);
            tally[pod] = tally.GetValueOrDefault(pod) + 1;
        }

        return tally;
    }

    /// <summary>Waits until the host has seen a change.</summary>
    public Task SeesAsync(Func<ServiceTopology, bool> condition) =>
        Eventually.TrueAsync(() => Topology.Current.Value is { } topology && condition(topology), "the change is seen");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Log.Dispose();
    }
}
