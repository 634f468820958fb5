using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Rx.Kube.Yarp.Tests.Docs;

// The code of docs/yarp.md, between markers.
internal static class YarpSamples
{
    public static WebApplication Start(WebApplicationBuilder builder)
    {
        // <yarp>
        builder.AddKubeTopology("cache");      // the Service "cache" in the namespace of the pod
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddKubeDestinations();

        var app = builder.Build();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseSessionAffinity();
            proxy.UseKubeRetry();              // before load balancing, which then chooses again
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        // </yarp>
        return app;
    }

    public static void Options(IReverseProxyBuilder proxy)
    {
        // <yarp-options>
        proxy.AddKubeDestinations(options => options
            .ByKey("cache", context => context.User.Identity?.Name));
        // </yarp-options>
    }
}
