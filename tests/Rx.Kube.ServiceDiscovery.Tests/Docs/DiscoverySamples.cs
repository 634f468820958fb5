using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;

namespace Rx.Kube.ServiceDiscovery.Tests.Docs;

// The code of docs/service-discovery.md, between markers.
internal static class DiscoverySamples
{
    public static void Discover(IHostApplicationBuilder builder)
    {
        // <service-discovery>
        builder.AddKubeTopology("cache");                               // the Service "cache" in the namespace of the pod
        builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
        builder.Services.AddHttpClient("catalog", client => client.BaseAddress = new("https+http://cache"))
            .AddServiceDiscovery();
        // </service-discovery>
    }

    public static void Route(IHostApplicationBuilder builder)
    {
        // <service-discovery-keys>
        builder.Services.AddHttpClient("cache", client => client.BaseAddress = new("http://cache"))
            .AddKubeRouting(r => r.ByKey(request => Uri.UnescapeDataString(request.RequestUri!.Segments[^1])).Replicas(2));
        // </service-discovery-keys>
    }

    public static void Aspire(IHostApplicationBuilder builder)
    {
        // <service-discovery-timeouts>
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            http.UseSocketsHttpHandler((handler, _) => handler.ConnectTimeout = TimeSpan.FromSeconds(1));
            http.AddServiceDiscovery();
        });
        // </service-discovery-timeouts>
    }
}
