using System.Reactive.Linq;
using Microsoft.Extensions.Options;
using Rx.Kube;
using ShardedCache.Data;

namespace ShardedCache.Peers;

/// <summary>Follows the ring: fetches what this process gains, and hands over what it no longer holds.</summary>
internal sealed class Mover(
    [FromKeyedServices("cache")] IKubeTopology cache, KubePodOptions pod, Shard shard, RangeFetch fetch, HandOver handOver,
    IOptions<CacheOptions> options, ILogger<Mover> log) : BackgroundService
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // <scaling-mover>
        using var hasChanged = new SemaphoreSlim(1);
        using var changes = cache.Rings.Ownership(pod.Name!).Subscribe(change =>
        {
            shard.Apply(change);
            log.LogInformation(
                "Ring {Ring}: {Gained} ranges gained, {Lost} lost", shard.Tag, change.Gained.Count(), change.Lost.Count());
            hasChanged.Release();
        });

        while (true)
        {
            var isDone = await fetch.TryAllAsync(stoppingToken) & await handOver.TrySomeAsync(stoppingToken);
            shard.Purge(options.Value.TombstoneLife);
            await hasChanged.WaitAsync(isDone ? _idle : _soon, stoppingToken);
        }
        // </scaling-mover>
    }
}
