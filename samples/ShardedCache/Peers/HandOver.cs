using ShardedCache.Data;

namespace ShardedCache.Peers;

/// <summary>Hands over what this process has and does not hold, to both replicas on its newest ring.</summary>
internal sealed class HandOver(Shard shard, PeerClient peers)
{
    private const int Batch = 256;

    /// <summary>Makes one attempt for some of the values.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> TrySomeAsync(CancellationToken ct)
    {
        var (change, entries) = shard.Leftovers(Batch);
        if (change is null || entries.Length == 0)
        {
            return true;
        }

        // <scaling-hand-over>
        RingTag tag = new(change.Version, change.Fingerprint);
        var copies = entries.SelectMany(entry => change.Ring.ReplicasOf(entry.Hash).Members.Select(member => (Entry: entry, member.Name)));
        var refused = await Task.WhenAll(copies.GroupBy(copy => copy.Name, copy => copy.Entry).Select(async group =>
            (await peers.HandOverAsync(group.Key, [.. group], tag, ct)).IsSuccess ? [] : group.ToArray()));
        // Without members, there is no replica to refuse a value, and none to have it.
        shard.Drop(change.Ring.Members.IsEmpty ? [] : entries.Except(refused.SelectMany(each => each)), tag);
        // </scaling-hand-over>
        return false;
    }
}
