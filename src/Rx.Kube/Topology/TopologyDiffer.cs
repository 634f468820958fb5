using System.Collections.Immutable;

namespace Rx.Kube.Topology;

/// <summary>Compares two ordered arrays of endpoints, member by member.</summary>
internal static class TopologyDiffer
{
    /// <summary>What changed.</summary>
    /// <param name="previous">The endpoints before.</param>
    /// <param name="current">The endpoints now.</param>
    /// <param name="inferred">Whether the changes were not seen as events.</param>
    public static TopologyDiff Diff(ImmutableArray<ServiceEndpoint> previous, ImmutableArray<ServiceEndpoint> current, bool inferred)
    {
        List<MemberChange> added = [], removed = [], updated = [];
        var (p, c) = (0, 0);
        while (p < previous.Length || c < current.Length)
        {
            var order = p == previous.Length ? 1
                : c == current.Length ? -1
                : string.CompareOrdinal(previous[p].Member, current[c].Member);
            var before = order <= 0 ? MemberAt(previous, p) : 0;
            var now = order >= 0 ? MemberAt(current, c) : 0;
            if (order != 0 || !previous.AsSpan(p, before).SequenceEqual(current.AsSpan(c, now)))
            {
                var member = order <= 0 ? previous[p].Member : current[c].Member;
                (order < 0 ? removed : order > 0 ? added : updated)
                    .Add(new MemberChange(member, previous.Slice(p, before), current.Slice(c, now), inferred));
            }

            (p, c) = (p + before, c + now);
        }

        return added.Count + removed.Count + updated.Count == 0
            ? TopologyDiff.Empty
            : new TopologyDiff([.. added], [.. removed], [.. updated]);
    }

    // How many endpoints the member has that starts here.
    private static int MemberAt(ImmutableArray<ServiceEndpoint> endpoints, int start)
    {
        var end = start + 1;
        while (end < endpoints.Length && endpoints[end].Member == endpoints[start].Member)
        {
            end++;
        }

        return end - start;
    }
}
