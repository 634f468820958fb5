namespace Rx.Kube;

/// <summary>
/// Where two rings certainly have the same replicas, because one was derived from the other by changes elsewhere: they share the pages
/// there, up to the token after which too few members follow on shared pages for a whole set of replicas. This makes the cost of a
/// difference proportional to the change.
/// </summary>
internal sealed class SharedTokens<TMember>
{
    private readonly MemberTable<TMember> _table;
    private readonly TokenPages _before;
    private readonly TokenPages _after;
    private readonly Dictionary<string, int> _needed;
    private int _searched = -1;

    private SharedTokens(MemberTable<TMember> table, TokenPages before, TokenPages after, Dictionary<string, int> needed) =>
        (_table, _before, _after, _needed) = (table, before, after, needed);

    /// <summary>Gets what two rings share; null if that cannot be told, because a change affects the choice of all replicas.</summary>
    public static SharedTokens<TMember>? Of(
        MemberTable<TMember> tableBefore, TokenPages before, MemberTable<TMember> table, TokenPages after, int replicationFactor)
    {
        var (neededBefore, needed) = (Needed(tableBefore, replicationFactor), Needed(table, replicationFactor));
        var isSameChoice = before.HasPagesAs(after) && neededBefore.Count == needed.Count
            && needed.All(zone => neededBefore.GetValueOrDefault(zone.Key) == zone.Value)
            && (replicationFactor == 1 || !tableBefore.HasMovedTo(table));
        return isSameChoice ? new(table, before, after, needed) : null;
    }

    /// <summary>
    /// Gets the last hash, from <paramref name="first"/> on, up to which everything is certainly the same; null if that hash itself may
    /// differ. Call it in ascending order.
    /// </summary>
    public ulong? Until(ulong first)
    {
        var page = _after.PageOf(first);
        if (page <= _searched || !_after.SharesPage(_before, page))
        {
            return null;
        }

        var (last, missing) = (page, new Dictionary<string, int>(_needed, StringComparer.Ordinal));
        while (last + 1 < _after.PageCount && _after.SharesPage(_before, last + 1))
        {
            last++;
        }

        var seen = new HashSet<int>();
        foreach (var point in _after.PointsBackFrom(last))
        {
            if (point.Token < first)
            {
                break;
            }

            var zone = missing.Count > 1 || !missing.ContainsKey("") ? _table.BySlot[point.Slot]!.Zone : "";
            if (seen.Add(point.Slot) && missing.TryGetValue(zone, out var count))
            {
                missing[zone] = count - 1;
                if (missing.Values.All(left => left <= 0))
                {
                    return point.Token;
                }
            }
        }

        // The same holds for every other hash up to the end of these pages.
        _searched = last;
        return null;
    }

    // As many members of each zone as a key can have; without zones, all members count as one zone.
    private static Dictionary<string, int> Needed(MemberTable<TMember> table, int replicationFactor) =>
        replicationFactor == 1 || table.ZoneSizes.Length < 2
            ? new(StringComparer.Ordinal) { [""] = Math.Min(replicationFactor, table.Count) }
            : table.Zones.ToDictionary(zone => zone.Key, zone => Math.Min(replicationFactor, zone.Value), StringComparer.Ordinal);
}
