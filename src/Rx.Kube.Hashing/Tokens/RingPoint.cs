namespace Rx.Kube;

/// <summary>A token and the slot of its member. Compared by the token alone: <see cref="TokenOrder{TMember}"/> decides between equal ones.</summary>
internal readonly record struct RingPoint(ulong Token, int Slot) : IComparable<RingPoint>
{
    public int CompareTo(RingPoint other) => Token.CompareTo(other.Token);
}
