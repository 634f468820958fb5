using System.Net;
using Microsoft.Extensions.Options;
using Rx.Kube;
using ShardedCache.Data;

namespace ShardedCache.Peers;

/// <summary>Fetches the ranges that this process holds and lacks.</summary>
internal sealed class RangeFetch(Shard shard, PeerClient peers, IOptions<CacheOptions> options, TimeProvider time, ILogger<RangeFetch> log)
{
    private RingTag _ring;
    private long _since;

    private sealed record Source(TopologyEndpoint Endpoint, RangeSet Complete);

    /// <summary>Makes one attempt for all pending ranges.</summary>
    /// <returns>Whether nothing is pending.</returns>
    public async Task<bool> TryAllAsync(CancellationToken ct)
    {
        var (change, pending) = shard.Missing();
        if (change is null || pending.IsEmpty)
        {
            return true;
        }

        RingTag tag = new(change.Version, change.Fingerprint);
        if (tag != _ring)
        {
            (_ring, _since) = (tag, time.GetTimestamp());
        }

        // All pods hear of the ring before any range counts as complete: from now on, none serves it by an older ring.
        var others = peers.Others();
        var replies = await Task.WhenAll(others.Select(other => peers.AnnounceAsync(other, tag, ct)));
        if (replies.Any(reply => reply.Status == HttpStatusCode.Conflict))
        {
            return false; // this ring is old, or the other pod's
        }

        Source[] sources = [.. others.Zip(replies).Where(pair => pair.Second.IsSuccess)
            .Select(pair => new Source(pair.First, CompleteAt(change, pair.First.Member, pair.Second.Body ?? [])))];
        foreach (var (source, ranges) in Plan(change, pending, sources))
        {
            pending = await FetchAsync([source], ranges, tag, ct) ? pending.Except(ranges) : pending;
        }

        // No replica is complete: what all pods have is all there is.
        var isAnswered = sources.Length == others.Count;
        if (!pending.IsEmpty && (isAnswered || time.GetElapsedTime(_since) > options.Value.GiveUpAfter))
        {
            var isDone = await FetchAsync(sources, pending, tag, ct);
            log.LogInformation(
                "{Ranges} ranges had no complete replica; {Answered} of {Others} pods were asked", pending.Ranges.Length, sources.Length,
                others.Count);
            return isDone && shard.Missing().Pending.IsEmpty;
        }

        return pending.IsEmpty && shard.Missing().Pending.IsEmpty;
    }

    // Only what the other pod holds on the ring of this one counts: a pod that has lost a range misses the writes since then.
    private static RangeSet CompleteAt(OwnershipChange<RingMember> change, string member, KeyRange[] complete) =>
        RangeSet.Of(complete).Intersect(RangeSet.Of(change.Ring.OwnedBy(member).Select(owned => owned.Range)));

    // First from the members that the change names, then whatever is left from any other replica.
    private static IEnumerable<(Source, RangeSet)> Plan(OwnershipChange<RingMember> change, RangeSet pending, Source[] sources)
    {
        var named = change.GainedFrom.ToDictionary(gained => gained.From.Name, gained => RangeSet.Of(gained.Ranges));
        var first = sources.Select(source => (source, named.GetValueOrDefault(source.Endpoint.Member, RangeSet.Empty)));
        foreach (var (source, ranges) in first.Concat(sources.Select(source => (source, pending))).ToList())
        {
            var wanted = pending.Intersect(ranges).Intersect(source.Complete);
            if (!wanted.IsEmpty)
            {
                yield return (source, wanted);
                pending = pending.Except(wanted);
            }
        }
    }

    private async Task<bool> FetchAsync(IEnumerable<Source> sources, RangeSet ranges, RingTag tag, CancellationToken ct)
    {
        var replies = await Task.WhenAll(sources.Select(source => peers.FetchAsync(source.Endpoint, ranges, tag, ct)));
        if (!replies.All(reply => reply.IsSuccess))
        {
            return false;
        }

        shard.Fill(ranges, replies.SelectMany(reply => reply.Body ?? []), tag);
        return true;
    }
}
