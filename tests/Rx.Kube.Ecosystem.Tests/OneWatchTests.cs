using Rx.Kube.Ecosystem.Tests.Support;
using Rx.Kube.Hosting.Tests.Support;

namespace Rx.Kube.Ecosystem.Tests;

/// <summary>All clients of a Service in one process have one connection and one watch.</summary>
public sealed class OneWatchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HttpClient_gRPC_and_YARP_share_one_watch_however_often_handlers_rotate(bool hasServiceDefaults)
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var process = await OneProcess.StartAsync(cluster, hasServiceDefaults);

        // Two clients, whose handlers last one second: each has a third one now.
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var way in OneProcess.Ways)
                {
                    Assert.StartsWith("cache-", await process.AskAsync(way), StringComparison.Ordinal);
                }

                return process.Counted.Handlers >= 6;
            },
            "the handlers rotate");

        Assert.Equal(["list cache", "watch cache"], process.Log.Requests);
        Assert.Equal(1, process.Counted.Connections);
        Assert.Equal(1, cluster.Server.OpenWatches);
    }
}
