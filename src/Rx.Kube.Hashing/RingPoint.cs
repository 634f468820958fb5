namespace Rx.Kube.Hashing;

/// <summary>A token and the rank of its member among all members. Where tokens are equal, the member of the smaller identity comes first.</summary>
internal readonly record struct RingPoint(ulong Token, int Member) : IComparable<RingPoint>
{
    public int CompareTo(RingPoint other) => Token == other.Token ? Member.CompareTo(other.Member) : Token.CompareTo(other.Token);
}
