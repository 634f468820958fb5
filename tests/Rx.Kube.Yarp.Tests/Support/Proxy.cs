using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Rx.Kube.Yarp.Tests.Support;

/// <summary>A reverse proxy on a free port, as users write it.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Proxy(WebApplication app, RecordedLog log, ReloadCounter reloads) => (_app, Log, Reloads) = (app, log, reloads);

    public RecordedLog Log { get; }

    public ReloadCounter Reloads { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = Eventually.Patience };

    public IServiceProvider Services => _app.Services;

    public RingView Ring => Services.GetRequiredService<CurrentValue<RingView>>().Required;

    /// <summary>Starts a proxy with one route, <c>/{**rest}</c>, to the cluster <c>cache</c>, whose settings follow.</summary>
    public static Task<Proxy> StartAsync(Uri server, params (string Key, string Value)[] cluster) =>
        StartAsync(server, new Setup { Cluster = cluster });

    // YARP blocks the thread of MapReverseProxy, as a program's main thread, which has no context to come back to. That of xUnit has one.
    public static Task<Proxy> StartAsync(Uri server, Setup setup) => Task.Run(() => StartCoreAsync(server, setup));

    private static async Task<Proxy> StartCoreAsync(Uri server, Setup setup)
    {
        var log = new RecordedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        Dictionary<string, string?> settings = new()
        {
            ["Kube:Connection:Server"] = server.AbsoluteUri,
            ["Kube:Connection:Namespace"] = "prod",
            ["Proxy:Routes:all:ClusterId"] = "cache",
            ["Proxy:Routes:all:Match:Path"] = "/{**rest}",
        };
        foreach (var (key, value) in setup.Cluster)
        {
            settings[$"Proxy:Clusters:cache:{key}"] = value;
        }

        foreach (var (key, value) in setup.Settings)
        {
            settings[key] = value;
        }

        if (!settings.Keys.Any(key => key.StartsWith("Proxy:Clusters:cache:Destinations:", StringComparison.Ordinal)))
        {
            settings["Proxy:Clusters:cache:Destinations:c:Address"] = "http://_http.cache";
        }

        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        var reloads = new ReloadCounter();
        builder.Services.AddSingleton<IConfigChangeListener>(reloads);
        setup.Builder?.Invoke(builder);
        builder.AddKubeTopology("cache", options =>
        {
            options.FirstSyncTimeout = TimeSpan.FromSeconds(1);
            options.Resume = new()
            {
                Backoff = new() { Initial = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(100) },
            };
            setup.Topology?.Invoke(options);
        });
        var proxy = builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("Proxy"));
        (setup.Proxy ?? (p => p.AddKubeDestinations(o => setup.Options?.Invoke(o))))(proxy);
        var app = builder.Build();
        try
        {
            setup.App?.Invoke(app);
            if (setup.IsPlain)
            {
                app.MapReverseProxy();
            }
            else
            {
                app.MapReverseProxy(pipeline =>
                {
                    pipeline.UseSessionAffinity();
                    if (setup.Retries)
                    {
                        pipeline.UseKubeRetry();
                    }

                    pipeline.UseLoadBalancing();
                    pipeline.UsePassiveHealthChecks();
                });
            }

            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var started = new Proxy(app, log, reloads);
        started.Client.BaseAddress = new(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return started;
    }

    public ClusterState Cluster(string id = "cache") =>
        Services.GetRequiredService<IProxyStateLookup>().TryGetCluster(id, out var cluster) ? cluster : throw new ArgumentException(id);

    /// <summary>Gets the destinations, as <c>id address</c>.</summary>
    public string[] Destinations(string cluster = "cache") => [.. Cluster(cluster).DestinationsState.AllDestinations
        .Select(d => $"{d.DestinationId} {d.Model.Config.Address}").Order(StringComparer.Ordinal)];

    public Task UntilAsync(params string[] members) => Eventually.TrueAsync(
        () => members.Order(StringComparer.Ordinal).SequenceEqual(Cluster().DestinationsState.AllDestinations
            .Select(d => d.DestinationId[2..]).Order(StringComparer.Ordinal)),
        $"the destinations {string.Join(", ", members)}");

    /// <summary>Gets the status and the body.</summary>
    public Task<(int Status, string Body)> GetAsync(string path = "/", string? key = null, string? cookie = null) =>
        SendAsync(HttpMethod.Get, path, key, cookie);

    public async Task<(int Status, string Body)> SendAsync(
        HttpMethod method, string path = "/", string? key = null, string? cookie = null, HttpContent? content = null)
    {
        using var request = Request(method, path, key, cookie);
        request.Content = content;
        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, string? key = null, string? cookie = null)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (key is not null)
        {
            request.Headers.Add("x-user", key);
        }

        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return request;
    }

    /// <summary>Finds a key whose first replicas are the given members.</summary>
    public string KeyOf(params string[] members)
    {
        var replicas = new RingMember[members.Length];
        return Enumerable.Range(0, 100_000).Select(i => $"user-{i}").First(key =>
        {
            Ring.Ring.GetReplicas(KeyHash.Of(key), replicas);
            return replicas.Select(replica => replica.Name).SequenceEqual(members);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Client.Dispose();
        Log.Dispose();
    }

    internal sealed record Setup
    {
        public (string Key, string Value)[] Cluster { get; init; } = [];

        public (string Key, string Value)[] Settings { get; init; } = [];

        public bool Retries { get; init; } = true;

        public bool IsPlain { get; init; }

        public Action<WebApplicationBuilder>? Builder { get; init; }

        public Action<KubeTopologyOptions>? Topology { get; init; }

        public Action<KubeDestinationOptions>? Options { get; init; }

        public Action<IReverseProxyBuilder>? Proxy { get; init; }

        public Action<WebApplication>? App { get; init; }
    }

    internal sealed class ReloadCounter : IConfigChangeListener
    {
        private int _count;
        private int _failures;

        /// <summary>Gets how often a configuration was applied, the first time included.</summary>
        public int Count => Volatile.Read(ref _count);

        public int Failures => Volatile.Read(ref _failures);

        public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
            Interlocked.Increment(ref _failures);

        public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
        {
        }

        public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
            Interlocked.Increment(ref _failures);

        public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => Interlocked.Increment(ref _count);
    }
}
