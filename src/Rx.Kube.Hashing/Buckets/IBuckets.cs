namespace Rx.Kube;

/// <summary>A hash finds one of some numbered buckets, each of which is a member's or nobody's.</summary>
internal interface IBuckets
{
    /// <summary>How many buckets there are, those of nobody included.</summary>
    int Count { get; }

    /// <summary>The bucket of a hash, which is a member's. There must be a member.</summary>
    int Find(ulong hash);

    /// <summary>Whose bucket it is; -1 if it is nobody's.</summary>
    int SlotAt(int bucket);
}
