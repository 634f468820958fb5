namespace Rx.Kube;

/// <summary>
/// Where two rings certainly have the same replicas: from one token that only one of them has to the next, up to the token after which too
/// few members follow for a whole set of replicas. So a difference costs as much as the tokens that changed and not as all tokens: after
/// one join among 5,000 members, a twentieth of comparing all ranges of the pages that changed. A test holds it equal to a
/// comparison of all ranges (<c>SharedTokensTests</c>).
/// </summary>
internal sealed class SharedTokens<TMember>
{
    private readonly MemberTable<TMember> _table;
    private readonly TokenPages _tokens;
    private readonly Dictionary<string, int> _needed;
    private readonly List<ulong> _differing;
    private readonly HashSet<int> _seen = [];
    private int _next;
    private int _searched = -1;

    private SharedTokens(MemberTable<TMember> table, TokenPages tokens, List<ulong> differing, Dictionary<string, int> needed) =>
        (_table, _tokens, _differing, _needed) = (table, tokens, differing, needed);

    /// <summary>Gets what two rings share; null if that cannot be told, because a change affects the choice of all replicas.</summary>
    public static SharedTokens<TMember>? Of(
        MemberTable<TMember> tableBefore, TokenPages before, MemberTable<TMember> table, TokenPages after, int replicationFactor)
    {
        var (neededBefore, needed) = (Needed(tableBefore, replicationFactor), Needed(table, replicationFactor));
        var isSameChoice = neededBefore.Count == needed.Count
            && needed.All(zone => neededBefore.GetValueOrDefault(zone.Key) == zone.Value)
            && (replicationFactor == 1 || !tableBefore.HasMovedTo(table));
        return isSameChoice ? new(table, after, TokenDifferences.Between(tableBefore, before, table, after), needed) : null;
    }

    /// <summary>
    /// Gets the last hash, from <paramref name="first"/> on, up to which everything is certainly the same; null if that hash itself may
    /// differ. Call it in ascending order.
    /// </summary>
    public ulong? Until(ulong first)
    {
        while (_next < _differing.Count && _differing[_next] < first)
        {
            _next++;
        }

        if (_next == _searched)
        {
            return null;
        }

        // What follows the last hash is at the beginning, where tokens differ, unless all are the same.
        _searched = _next;
        var last = LastBefore(_next < _differing.Count ? _differing[_next] : null, first);
        return last is not null && _differing.Count == 0 ? ulong.MaxValue : last;
    }

    // The greatest token from which on as many members as are needed follow before the token that differs.
    private ulong? LastBefore(ulong? differing, ulong first)
    {
        _seen.Clear();
        var missing = _needed.Count == 1 ? null : new Dictionary<string, int>(_needed, StringComparer.Ordinal);
        var needed = _needed.Values.Sum();
        foreach (var point in _tokens.PointsBackFrom(differing))
        {
            if (point.Token < first)
            {
                return null;
            }

            if (_seen.Add(point.Slot) && (missing is null || missing[_table.BySlot[point.Slot]!.Zone]-- > 0) && --needed <= 0)
            {
                return point.Token;
            }
        }

        return null;
    }

    // As many members of each zone as a key can have; without zones, all members count as one zone.
    private static Dictionary<string, int> Needed(MemberTable<TMember> table, int replicationFactor) =>
        replicationFactor == 1 || table.ZoneSizes.Length < 2
            ? new(StringComparer.Ordinal) { [""] = Math.Min(replicationFactor, table.Count) }
            : table.Zones.ToDictionary(zone => zone.Key, zone => Math.Min(replicationFactor, zone.Value), StringComparer.Ordinal);
}
