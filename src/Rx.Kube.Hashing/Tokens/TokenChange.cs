namespace Rx.Kube;

/// <summary>The tokens that a change of the members takes away and adds. Not thread-safe; used once.</summary>
internal sealed class TokenChange<TMember>(RingLayout layout)
{
    private readonly List<RingPoint[]> _removed = [];
    private readonly List<RingPoint[]> _added = [];

    /// <summary>Makes the sequence of a member's tokens longer or shorter.</summary>
    /// <param name="member">The member.</param>
    /// <param name="from">The number of its tokens before; 0 if it was not a member.</param>
    /// <param name="to">The number of its tokens now; 0 if it is no longer a member.</param>
    public void Resize(PlacedMember<TMember> member, long from, long to)
    {
        if (from != to)
        {
            (to < from ? _removed : _added).Add(Sorted(member, Math.Min(from, to), Math.Abs(to - from)));
        }
    }

    /// <summary>Compares two tables whose members have these numbers of tokens, by rank.</summary>
    public void ResizeAll(MemberTable<TMember> before, long[] countsBefore, MemberTable<TMember> after, long[] counts)
    {
        for (var (mine, next) = (0, 0); mine < before.Count || next < after.Count;)
        {
            var (was, now) = (mine < before.Count ? before.ByRank[mine] : null, next < after.Count ? after.ByRank[next] : null);
            var order = ReferenceEquals(was, now) ? 0
                : was is null ? 1
                : now is null ? -1
                : string.CompareOrdinal(was.HashKey, now.HashKey);
            var (from, to) = (order <= 0 ? countsBefore[mine++] : 0, order >= 0 ? counts[next++] : 0);
            Resize(order < 0 ? was! : now!, from, to);
        }
    }

    /// <summary>Creates the pages after the change.</summary>
    public TokenPages Apply(TokenPages tokens, MemberTable<TMember> before, MemberTable<TMember> after)
    {
        var order = new TokenOrder<TMember>(after, before);
        return _removed.Count + _added.Count == 0
            ? tokens
            : tokens.Change(Merged(_removed, order), Merged(_added, order), after.BySlot.Length, order);
    }

    private RingPoint[] Sorted(PlacedMember<TMember> member, long first, long count)
    {
        var tokens = new ulong[count];
        layout.Place(member.Utf8, (int)first, tokens);
        return Array.ConvertAll(TokenSort.Sorted(tokens), token => new RingPoint(token, member.Slot));
    }

    private static RingPoint[] Merged(List<RingPoint[]> sequences, ITokenOrder order)
    {
        if (sequences.Count <= 1)
        {
            return sequences.Count == 0 ? [] : sequences[0];
        }

        RingPoint[] all = [.. sequences.SelectMany(points => points)];
        order.Sort(all);
        return all;
    }
}
