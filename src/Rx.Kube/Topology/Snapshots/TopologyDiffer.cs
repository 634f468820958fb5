namespace Rx.Kube;

/// <summary>Compares the endpoints of two snapshots, member by member.</summary>
internal static class TopologyDiffer
{
    /// <summary>Finds the members that changed.</summary>
    /// <param name="previous">The endpoints before.</param>
    /// <param name="current">The endpoints now.</param>
    /// <param name="inferred">Whether the changes were not seen as events.</param>
    public static TopologyDiff Diff(EndpointTree previous, EndpointTree current, bool inferred)
    {
        List<MemberChange> added = [], removed = [], updated = [];
        string? last = null;
        foreach (var (before, now) in previous.Differences(current))
        {
            // Differences are in order, so those of one member follow one another.
            var member = (before ?? now)!.Member;
            if (member == last)
            {
                continue;
            }

            last = member;
            var change = new MemberChange(member, previous.Of(member), current.Of(member), inferred);
            (change.Previous.IsEmpty ? added : change.Current.IsEmpty ? removed : updated).Add(change);
        }

        return added.Count + removed.Count + updated.Count == 0
            ? TopologyDiff.Empty
            : new TopologyDiff([.. added], [.. removed], [.. updated]);
    }
}
