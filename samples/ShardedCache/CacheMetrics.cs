using System.Diagnostics.Metrics;
using ShardedCache.Data;

namespace ShardedCache;

/// <summary>The instruments of the cache.</summary>
internal sealed class CacheMetrics : IDisposable
{
    public const string MeterName = "ShardedCache";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _acknowledged;
    private readonly Counter<long> _refused;

    public CacheMetrics(Shard shard)
    {
        _acknowledged = _meter.CreateCounter<long>("cache.writes.acknowledged", "{write}", "Writes that two replicas have stored.");
        _refused = _meter.CreateCounter<long>("cache.writes.refused", "{write}", "Writes whose ring has changed meanwhile.");
        _meter.CreateObservableGauge("cache.keys", () => shard.State().Keys, "{key}", "Values in this process.");
        _meter.CreateObservableGauge(
            "cache.ranges.pending", () => shard.State().Pending, "{range}", "Ranges that are being moved to this process.");
        _meter.CreateObservableGauge(
            "cache.ranges.under_replicated", () => shard.State().UnderReplicated, "{range}", "Ranges of this process that lack a replica.");
        _meter.CreateObservableCounter(
            "cache.copies.moved", () => shard.State().Moved, "{value}", "Values that new rings have moved to this process.");
    }

    public void Written(bool isAcknowledged) => (isAcknowledged ? _acknowledged : _refused).Add(1);

    public void Dispose() => _meter.Dispose();
}
