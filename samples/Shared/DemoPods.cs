using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Samples;

/// <summary>The pods of the Service <c>cache</c> for a demo: servers on loopback addresses, and an API server that lists them.</summary>
internal sealed class DemoPods(ApiServerSimulator server, Dictionary<string, WebApplication> pods) : IAsyncDisposable
{
    public Uri ApiServer => server.Url;

    /// <summary>Starts <c>cache-0</c>, <c>cache-1</c> and <c>cache-2</c>.</summary>
    /// <param name="map">Maps the endpoints of the pod with a name.</param>
    /// <param name="services">Adds its services; null for none.</param>
    /// <param name="protocols">Its protocols.</param>
    public static async Task<DemoPods> StartAsync(
        Action<WebApplication, string> map, Action<IServiceCollection>? services = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var (port, pods, slice) = (0, new Dictionary<string, WebApplication>(), Slice.Of("cache-abc", service: "cache"));
        for (var i = 0; i < 3; i++)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            services?.Invoke(builder.Services);
            builder.WebHost.UseUrls($"http://127.0.0.{i + 2}:{port}") // all pods have the port of the first one
                .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
            var pod = pods[$"cache-{i}"] = builder.Build();
            map(pod, $"cache-{i}");
            await pod.StartAsync();
            port = new Uri(pod.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
            slice = slice.With($"cache-{i}", $"127.0.0.{i + 2}");
        }

        var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Apply(slice.WithPort(port, protocols == HttpProtocols.Http2 ? "grpc" : "http").Manifest());
        return new(server, pods);
    }

    /// <summary>Stops a pod at once. Its slice still lists it, as after the loss of a node.</summary>
    public Task KillAsync(string name) => pods[name].StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in pods.Values)
        {
            await pod.DisposeAsync();
        }

        await server.DisposeAsync();
    }
}
