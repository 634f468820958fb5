namespace Rx.Kube;

/// <summary>
/// A token and the slot of its member. Compared by the token only: <see cref="TokenOrder{TMember}"/> orders equal tokens.
/// </summary>
internal readonly record struct RingPoint(ulong Token, int Slot) : IComparable<RingPoint>
{
    public int CompareTo(RingPoint other) => Token.CompareTo(other.Token);

    // Tokens are hashes of names without a key, so the names can be chosen; HashCode has a key per process.
    public override int GetHashCode() => HashCode.Combine((uint)Token, (uint)(Token >> 32), Slot);
}

/// <summary>Orders tokens, and equal tokens by the identity of their members.</summary>
internal interface ITokenOrder
{
    /// <summary>Gets a number less than zero if the left token comes first.</summary>
    int Compare(RingPoint left, RingPoint right);

    void Sort(Span<RingPoint> points)
    {
        // Equal tokens are rare. Without them no identity is looked up.
        points.Sort();
        for (var i = 1; i < points.Length; i++)
        {
            for (var at = i; at > 0 && points[at].Token == points[at - 1].Token && Compare(points[at], points[at - 1]) < 0; at--)
            {
                (points[at], points[at - 1]) = (points[at - 1], points[at]);
            }
        }
    }
}

/// <summary>The order of tokens whose members are in one of two tables: before a change or after it.</summary>
internal sealed class TokenOrder<TMember>(MemberTable<TMember> table, MemberTable<TMember> before) : ITokenOrder
{
    public int Compare(RingPoint left, RingPoint right) =>
        left.Token != right.Token ? left.Token.CompareTo(right.Token)
        : left.Slot == right.Slot ? 0
        : string.CompareOrdinal(HashKeyOf(left.Slot), HashKeyOf(right.Slot));

    private string HashKeyOf(int slot) => ((slot < table.BySlot.Length ? table.BySlot[slot] : null) ?? before.BySlot[slot]!).HashKey;
}
