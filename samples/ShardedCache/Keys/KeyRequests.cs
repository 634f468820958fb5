using System.Diagnostics;
using Microsoft.Extensions.Options;
using Rx.Kube;
using ShardedCache.Data;
using ShardedCache.Peers;

namespace ShardedCache.Keys;

/// <summary>Serves keys: here, or at the replicas of the key. A request that another pod has forwarded is never forwarded again.</summary>
internal sealed class KeyRequests(
    Shard shard, PeerClient peers, HybridClock clock, KubePodOptions pod, IOptions<CacheOptions> options, CacheMetrics metrics)
{
    private const int MaxVersions = 3;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="forwarder">The ring of the pod that forwards the request; null for a client.</param>
    /// <param name="ct">Cancels the request.</param>
    public async Task<Answer> ReadAsync(string key, RingTag? forwarder, CancellationToken ct)
    {
        if (forwarder is { } ring)
        {
            var (standing, entry) = shard.Read(key, ring);
            return Answer.Of(standing, entry);
        }

        return await RepeatAsync(() => ReadAnywhereAsync(key, ct), ct);
    }

    /// <summary>Stores a value, or a tombstone for null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="forwarder">The ring of the pod that forwards the request; null for a client.</param>
    /// <param name="ct">Cancels the request. The write may have happened.</param>
    public async Task<Answer> WriteAsync(string key, byte[]? value, RingTag? forwarder, CancellationToken ct) => forwarder is { } ring
        ? await WriteHereAsync(key, value, ring, ct)
        : await RepeatAsync(() => WriteAnywhereAsync(key, value, ct), ct);

    // The owner first. What is acknowledged is on the other replica, too.
    private async Task<Answer> ReadAnywhereAsync(string key, CancellationToken ct)
    {
        var (tag, replicas) = shard.ReplicasOf(key);
        var answer = Answer.NoRing;
        foreach (var replica in replicas)
        {
            if (replica.Name == pod.Name)
            {
                var (standing, entry) = shard.Read(key, tag);
                answer = Answer.Of(standing, entry);
            }
            else
            {
                answer = Answer.Of(await peers.ReadAsync(replica.Name, key, tag, ct));
            }

            if (answer.IsFinal || shard.IsBehind)
            {
                break;
            }
        }

        return answer;
    }

    private async Task<Answer> WriteAnywhereAsync(string key, byte[]? value, CancellationToken ct)
    {
        var (tag, replicas) = shard.ReplicasOf(key);
        return replicas.IsEmpty ? Answer.NoRing
            : replicas[0].Name == pod.Name ? await WriteHereAsync(key, value, tag, ct)
            : Answer.Of(await peers.WriteAsync(replicas[0].Name, key, value, tag, ct));
    }

    private async Task<Answer> WriteHereAsync(string key, byte[]? value, RingTag sender, CancellationToken ct)
    {
        var standing = shard.StandingOfOwner(key, sender);
        var (tag, replicas) = shard.ReplicasOf(key);
        if (standing != Standing.Right || replicas.IsEmpty)
        {
            return Answer.Of(standing == Standing.Right ? Standing.RingsDiffer : standing);
        }

        if (replicas.Length == 1 && !options.Value.AcknowledgeAlone)
        {
            return Answer.TooFewMembers;
        }

        for (var attempt = 0; attempt < MaxVersions; attempt++)
        {
            var entry = new Entry(key, value, new(clock.Next(), pod.Name!));
            var newer = 0L;
            foreach (var replica in replicas.Where(replica => replica.Name != pod.Name))
            {
                var reply = await peers.CopyAsync(replica.Name, entry, tag, ct);
                if (!reply.IsSuccess)
                {
                    return Answer.CopyRefused;
                }

                newer = Math.Max(newer, reply.Body);
            }

            if (newer == 0)
            {
                standing = shard.Commit(entry, tag);
                metrics.Written(standing == Standing.Right);
                return standing == Standing.Right ? Answer.Stored : Answer.Of(standing);
            }

            clock.See(newer);
        }

        return Answer.CopyRefused;
    }

    // Rings agree again within milliseconds, and ranges are complete soon: clients see no more than a slow answer.
    private async Task<Answer> RepeatAsync(Func<Task<Answer>> attempt, CancellationToken ct)
    {
        for (var begin = Stopwatch.GetTimestamp(); ;)
        {
            var answer = await attempt();
            if (answer.IsFinal || Stopwatch.GetElapsedTime(begin) > options.Value.RequestLimit)
            {
                return answer;
            }

            await Task.Delay(_pause, ct);
        }
    }
}
