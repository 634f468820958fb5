// A file as it stands in an ASP.NET Core application: everything below compiles without a qualified name or an alias.
using System.Reactive.Linq;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;
using Rx.Kube;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace ApplicationOfAUser;

/// <summary>Rx.Kube beside ASP.NET Core, KubernetesClient, service discovery, gRPC and YARP, in one file.</summary>
internal static class OneFace
{
    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
        builder.Services.AddHttpClient("cache").AddKubeRouting(r => r.ByHeader("x-key").Replicas(2)).AddStandardResilienceHandler();
        builder.Services.AddReverseProxy().AddKubeDestinations(options => options.ByKey("cache", context => context.User.Identity?.Name));
        builder.Services.AddSingleton<IKubernetes>(_ => new Kubernetes(KubernetesClientConfiguration.InClusterConfig()));
        builder.AddKubeTopology("cache", options => options.Namespace = "prod");
        builder.Services.AddSingleton(_ => KubeConnection.Default());
        builder.Services.AddSingleton(services => services.GetRequiredService<KubeConnection>()
            .EndpointSlices("prod", service: "cache").Resume().ToTopology().WhereSynced());
    }

    public static void Map(WebApplication app)
    {
        app.MapKubeTopology().RequireAuthorization();
        app.MapReverseProxy(proxy => proxy.UseKubeRetry().UseLoadBalancing());
    }

    public static void Balance(IHttpClientBuilder grpc) => grpc.AddKubeLoadBalancing(balancing => balancing.ByHeader("x-key").Replicas(2));

    public static GrpcChannelOptions Channel(IServiceProvider services) =>
        new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure }.UseKubeLoadBalancing(services);

    public static Resolver? NoResolver() => null;

    public static IObservable<HashRing<RingMember>> Ring(IObservable<ServiceTopology> cache) =>
        cache.DistinctUntilChanged(t => t.Members).ToHashRing();

    public static DestinationConfig Destination(TopologyEndpoint endpoint) => new() { Address = $"http://{endpoint.Address}" };

    public static string? NameOf(Endpoint endpoint) => endpoint.DisplayName;

    public static (ServiceEndpoint?, ClusterState?, V1Pod?) Theirs() => default;
}
