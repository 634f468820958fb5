using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rx.Kube.Grpc.Tests.Support;

namespace Rx.Kube.Grpc.Tests.Docs;

// The code of docs/grpc.md, between markers.
internal static class GrpcSamples
{
    public static void Register(IHostApplicationBuilder builder)
    {
        // <grpc>
        builder.AddKubeTopology("cache");

        builder.Services
            .AddGrpcClient<Cache.CacheClient>(client => client.Address = new("k8s:///cache:grpc"))
            .AddKubeLoadBalancing(balancing => balancing
                .ByHeader("x-key")      // the key's owner on the ring gets the call
                .Replicas(2)            // and attempt 2 goes to the next replica
                .Retry());              // if every method is idempotent
        // </grpc>
    }

    public static async Task<string> CallAsync(Cache.CacheClient cache, string request)
    {
        // <grpc-call>
        var value = await cache.GetAsync(request, new Metadata { { "x-key", "user-42" } });
        // </grpc-call>
        return value;
    }

    public static void Tls(IHostApplicationBuilder builder, X509ChainPolicy policy)
    {
        // <grpc-tls>
        builder.Services
            .AddGrpcClient<Cache.CacheClient>(client => client.Address = new("k8s:///cache.prod:grpc"))
            .UseSocketsHttpHandler((handler, _) => handler.SslOptions.CertificateChainPolicy = policy)
            .AddKubeLoadBalancing(balancing => balancing.Tls());
        // </grpc-tls>
    }

    public static async Task<ConnectivityState> ChannelAsync()
    {
        // <grpc-channel>
        await using var services = new ServiceCollection().AddKubeTopology("cache").AddKubeGrpc().BuildServiceProvider();
        using var channel = GrpcChannel.ForAddress(
            "k8s:///cache:grpc",
            new GrpcChannelOptions().UseKubeLoadBalancing(services, balancing => balancing.ByHeader("x-key").Replicas(2)));
        // </grpc-channel>
        return channel.State;
    }
}

/// <summary>What the compiler of protocol buffers would generate, with texts for messages.</summary>
public static class Cache
{
    public sealed class CacheClient(CallInvoker invoker) : ClientBase(invoker)
    {
        public AsyncUnaryCall<string> GetAsync(string request, Metadata headers) =>
            CallInvoker.AsyncUnaryCall(PodClient.WhoMethod, null, new(headers, DateTime.UtcNow.AddSeconds(20)), request);
    }
}
