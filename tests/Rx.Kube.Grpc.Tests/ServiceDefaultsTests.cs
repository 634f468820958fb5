using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.Grpc.Tests.Support;

namespace Rx.Kube.Grpc.Tests;

/// <summary>A client beside the service defaults of Aspire.</summary>
public sealed class ServiceDefaultsTests
{
    [Fact]
    public async Task Service_defaults_alone_break_every_resolver()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var host = await ClientHost.StartAsync(cluster, builder =>
        {
            builder.AddServiceDefaults();
            builder.Services.AddKubeGrpc().AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address))
                .ConfigureChannel(channel => channel.Credentials = ChannelCredentials.Insecure);
        });

        // Fails when the defaults are cured, so that our cure can go.
        Assert.Throws<InvalidOperationException>(() => host.Client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_order_of_the_registrations_does_not_matter(bool defaultsFirst)
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster, builder =>
        {
            if (defaultsFirst)
            {
                builder.AddServiceDefaults();
            }

            builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address))
                .AddKubeLoadBalancing(r => r.ByHeader("x-key").Replicas(2).Retry());
            if (!defaultsFirst)
            {
                builder.AddServiceDefaults();
            }
        });

        Assert.Equal("cache-1", await host.Client.NameAsync(host.KeyOf("cache-1")));
    }

    [Fact]
    public async Task A_failed_call_is_sent_once_to_each_replica_and_not_repeated_below_the_balancer()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var host = await ClientHost.StartAsync(cluster, r => r.ByHeader("x-key").Replicas(2).Retry(2), aspire: true);
        var key = host.KeyOf("cache-1");
        cluster["cache-1"].Status = StatusCode.Unavailable;

        Assert.Equal(host.ReplicasOf(key)[1], await host.Client.NameAsync(key));
        Assert.Equal(1, cluster["cache-1"].Calls);
    }

    [Fact]
    public async Task A_call_may_take_longer_than_the_defaults_allow_a_request()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var host = await ClientHost.StartAsync(cluster, builder =>
        {
            builder.AddServiceDefaults();
            builder.Services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler(resilience =>
            {
                resilience.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(100);
                resilience.TotalRequestTimeout.Timeout = TimeSpan.FromMilliseconds(200);
            }));
            builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address)).AddKubeLoadBalancing();
        });
        cluster["cache-0"].Delay = TimeSpan.FromMilliseconds(500);

        Assert.Equal("cache-0", await host.Client.NameAsync());
    }

    [Fact]
    public async Task Handlers_of_the_application_stay()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        var seen = new ConcurrentQueue<Uri>();
        await using var host = await ClientHost.StartAsync(cluster, builder =>
        {
            builder.AddServiceDefaults();
            builder.Services.AddGrpcClient<PodClient>(o => o.Address = new(ClientHost.Address))
                .AddHttpMessageHandler(() => new Recorder(seen))
                .AddKubeLoadBalancing();
        });

        await host.Client.NameAsync();
        Assert.Equal(PodCluster.Port, Assert.Single(seen).Port);
    }

    private sealed class Recorder(ConcurrentQueue<Uri> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Enqueue(request.RequestUri!);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
