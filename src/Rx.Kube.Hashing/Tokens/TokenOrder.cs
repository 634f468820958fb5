using Rx.Kube.Hashing.Members;

namespace Rx.Kube.Hashing.Tokens;

/// <summary>By token, and equal ones by the identity of their members, who are in one of two tables, before a change and after it.</summary>
internal sealed class TokenOrder<TMember>(MemberTable<TMember> table, MemberTable<TMember> before)
{
    public int Compare(RingPoint left, RingPoint right) =>
        left.Token != right.Token ? left.Token.CompareTo(right.Token)
        : left.Slot == right.Slot ? 0
        : string.CompareOrdinal(HashKeyOf(left.Slot), HashKeyOf(right.Slot));

    private string HashKeyOf(int slot) => ((slot < table.BySlot.Length ? table.BySlot[slot] : null) ?? before.BySlot[slot]!).HashKey;
}
