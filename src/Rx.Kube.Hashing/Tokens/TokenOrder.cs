namespace Rx.Kube;

/// <summary>A token and the slot of its member. Compared by the token alone: <see cref="TokenOrder{TMember}"/> decides between equal ones.</summary>
internal readonly record struct RingPoint(ulong Token, int Slot) : IComparable<RingPoint>
{
    public int CompareTo(RingPoint other) => Token.CompareTo(other.Token);
}

/// <summary>By token, and equal ones by the identity of their members.</summary>
internal interface ITokenOrder
{
    /// <summary>Less than zero if the left one comes first.</summary>
    int Compare(RingPoint left, RingPoint right);

    void Sort(Span<RingPoint> points)
    {
        // Equal tokens are rare; without them no identity need be looked up.
        points.Sort();
        for (var i = 1; i < points.Length; i++)
        {
            for (var place = i; place > 0 && points[place].Token == points[place - 1].Token && Compare(points[place], points[place - 1]) < 0; place--)
            {
                (points[place], points[place - 1]) = (points[place - 1], points[place]);
            }
        }
    }
}

/// <summary>The order of tokens whose members are in one of two tables, before a change and after it.</summary>
internal sealed class TokenOrder<TMember>(MemberTable<TMember> table, MemberTable<TMember> before) : ITokenOrder
{
    public int Compare(RingPoint left, RingPoint right) =>
        left.Token != right.Token ? left.Token.CompareTo(right.Token)
        : left.Slot == right.Slot ? 0
        : string.CompareOrdinal(HashKeyOf(left.Slot), HashKeyOf(right.Slot));

    private string HashKeyOf(int slot) => ((slot < table.BySlot.Length ? table.BySlot[slot] : null) ?? before.BySlot[slot]!).HashKey;
}
