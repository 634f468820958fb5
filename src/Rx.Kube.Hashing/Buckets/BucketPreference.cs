namespace Rx.Kube;

/// <summary>Numbered buckets, each with or without a member. A hash finds a bucket with a member.</summary>
internal interface IBuckets
{
    /// <summary>Gets the number of buckets, the ones without a member included.</summary>
    int Count { get; }

    /// <summary>Finds the bucket of a hash, which has a member. There must be a member.</summary>
    int Find(ulong hash);

    /// <summary>Gets the slot of a bucket's member; -1 if it has none.</summary>
    int SlotAt(int bucket);
}

/// <summary>
/// The bucket of the hash itself; then the buckets that the hash finds when it is mixed with 1, 2, 3 …, for as long as that is likely to
/// find another member; then the rest in the order of buckets, after the last one found.
/// </summary>
internal ref struct BucketPreference<TBuckets>(TBuckets buckets, ulong hash, SlotSet seen) : IPreference
    where TBuckets : IBuckets
{
    /// <summary>The number of buckets drawn by hash. Part of the formats <c>Jump/1</c> and <c>Anchor/1</c>.</summary>
    private const int Draws = 64;

    private readonly TBuckets _buckets = buckets;
    private readonly SlotSet _seen = seen;
    private int _drawn;
    private int _walked;
    private int _bucket;

    public int Next()
    {
        while (_drawn < Draws)
        {
            _bucket = _buckets.Find(_drawn == 0 ? hash : Chain.Of(hash, (ulong)_drawn));
            _drawn++;
            if (IsNew(_buckets.SlotAt(_bucket)))
            {
                return _buckets.SlotAt(_bucket);
            }
        }

        for (; _walked < _buckets.Count; _walked++)
        {
            _bucket = _bucket + 1 < _buckets.Count ? _bucket + 1 : 0;
            if (IsNew(_buckets.SlotAt(_bucket)))
            {
                return _buckets.SlotAt(_bucket);
            }
        }

        return -1;
    }

    private readonly bool IsNew(int slot) => slot >= 0 && _seen.Add(slot);
}
