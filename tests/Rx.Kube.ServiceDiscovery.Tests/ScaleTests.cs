using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.ServiceDiscovery.Tests.Support;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.ServiceDiscovery.Tests;

/// <summary>A Service with 1,000 addresses.</summary>
public sealed class ScaleTests
{
    private const int Addresses = 1000;

    public static TheoryData<bool, bool> Variants => LoadVariants.Of(true, false);

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Each_of_1000_addresses_gets_its_share(bool routed, bool hasServiceDefaults)
    {
        await using var app = await StartAsync();
        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        await using var cluster = await PodCluster.StartAsync(0);
        for (var slice = 0; slice < 10; slice++)
        {
            var next = Slice.Of($"cache-{slice}", "cache", @namespace: "prod", port: port);
            for (var i = 0; i < Addresses / 10; i++)
            {
                next = next.With($"pod-{slice}-{i}", $"127.10.{slice}.{i + 1}");
            }

            cluster.Server.Cluster.Apply(next.Manifest());
        }

        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            _ = hasServiceDefaults ? builder.AddServiceDefaults() : builder;
            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
            var client = builder.Services.AddHttpClient("cache", Caller.Base).AddServiceDiscovery();
            _ = routed ? client.AddKubeRouting() : client;
        });
        await caller.SeesAsync(topology => topology.Ready.Count == Addresses);

        var tally = await caller.TallyAsync(Addresses);

        Assert.Equal(Addresses, tally.Count);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 0));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.Connection.LocalIpAddress!.ToString()));
        await app.StartAsync();
        return app;
    }
}
