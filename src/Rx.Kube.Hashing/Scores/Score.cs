namespace Rx.Kube;

/// <summary>
/// How a member stands for a key: the less the cost the better; of one cost the greater hash, and then the smaller identity.
/// </summary>
internal readonly record struct Score(ulong Cost, ulong Hash, int Rank) : IComparable<Score>
{
    public int CompareTo(Score other) =>
        Cost != other.Cost ? Cost.CompareTo(other.Cost)
        : Hash != other.Hash ? other.Hash.CompareTo(Hash)
        : Rank.CompareTo(other.Rank);
}
