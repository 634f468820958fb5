using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rx.Kube.Grpc.Tests.Support;

/// <summary>An application with a client of the Service <c>cache</c>.</summary>
internal sealed class ClientHost : IAsyncDisposable
{
    public const string Address = "k8s:///cache.prod:grpc";

    private readonly IHost _host;

    private ClientHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public PodClient Client => Services.GetRequiredService<PodClient>();

    public IKubeTopology Topology => Services.GetRequiredService<IKubeTopology>();

    public static Task<ClientHost> StartAsync(PodCluster cluster, Action<KubeLoadBalancing>? balancing = null, bool aspire = false) =>
        StartAsync(cluster, builder =>
        {
            builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(Address)).AddKubeLoadBalancing(balancing);
            if (aspire)
            {
                builder.AddServiceDefaults();
            }
        });

    public static async Task<ClientHost> StartAsync(
        PodCluster cluster, Action<HostApplicationBuilder> configure, Action<KubeTopologyOptions>? topology = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kube:Connection:Server"] = cluster.Server.Url.AbsoluteUri,
            ["Kube:Connection:Namespace"] = "prod",
            ["Kube:Pod:Zone"] = "eu-1",
        });
        builder.Services.AddMetrics();
        builder.AddKubeTopology("cache", options =>
        {
            var fast = new Backoff { Initial = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(100) };
            options.Resume = new() { Backoff = fast, RefusalBackoff = fast };
            topology?.Invoke(options);
        });
        configure(builder);
        var host = new ClientHost(builder.Build());
        await host._host.StartAsync();
        return host;
    }

    /// <summary>Gets the replicas of a key, the owner first.</summary>
    public string[] ReplicasOf(string key, int count = 2)
    {
        var replicas = new RingMember[count];
        var found = Topology.CurrentRing.Required.Ring.GetReplicas(KeyHash.Of(key), replicas);
        return [.. replicas.Take(found).Select(member => member.Name)];
    }

    /// <summary>Gets a key that a member owns.</summary>
    public string KeyOf(string owner, int from = 0) =>
        Enumerable.Range(from, 10_000).Select(i => $"key-{i}").First(key => ReplicasOf(key, 1)[0] == owner);

    /// <summary>Waits until the ring and the snapshot have a published change.</summary>
    public Task SeesAsync(Func<ServiceTopology, bool> condition, string what) =>
        Eventually.TrueAsync(() => condition(Topology.Current.Required), what);

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
