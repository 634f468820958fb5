using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// Computes which partners are missing, for the snapshots of one subscription: from the last snapshot for which it did, and what has
/// changed since. It keeps that one snapshot. Thread-safe.
/// </summary>
internal sealed class MissingPartners
{
    private (JoinedTopology Joined, ImmutableArray<MissingPartner> Missing)? _last;
    private readonly Lock _lock = new();

    /// <summary>The missing partners of a snapshot, in the order of its endpoints.</summary>
    public ImmutableArray<MissingPartner> Of(JoinedTopology joined)
    {
        lock (_lock)
        {
            var missing = _last is { } last && joined.MembersToCheckSince(last.Joined) is { } touched
                ? Update(last.Missing, joined, touched)
                : [.. joined.Topology.Endpoints.SelectMany(joined.MissingOf)];
            _last = (joined, missing);
            return missing;
        }
    }

    private static ImmutableArray<MissingPartner> Update(
        ImmutableArray<MissingPartner> before, JoinedTopology joined, HashSet<string> touched)
    {
        if (touched.Count == 0)
        {
            return before;
        }

        var now = touched.SelectMany(joined.EndpointsOf).SelectMany(joined.MissingOf).ToList();
        return now.Count == 0 && !before.Any(m => touched.Contains(m.Endpoint.Member))
            ? before
            : [
                .. before.Where(m => !touched.Contains(m.Endpoint.Member)).Concat(now)
                    .OrderBy(m => m.Endpoint.Member, StringComparer.Ordinal),
            ];
    }
}
