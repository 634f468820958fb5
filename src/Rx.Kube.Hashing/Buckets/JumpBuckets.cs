namespace Rx.Kube;

/// <summary>The jump consistent hash over buckets of one member each.</summary>
/// <param name="slots">The slot of each bucket's member.</param>
internal readonly struct JumpBuckets(int[] slots) : IBuckets
{
    public int Count => slots.Length;

    public int Find(ulong hash) => Find(hash, slots.Length);

    public int SlotAt(int bucket) => slots[bucket];

    /// <summary>
    /// Finds the bucket of a hash as Lamping and Veach published it: one division and one multiplication of doubles, which IEEE 754 defines
    /// to the last bit. So it is the same on every machine, but integer arithmetic would give other results.
    /// </summary>
    public static int Find(ulong hash, int count)
    {
        var (bucket, next) = (-1L, 0L);
        while (next < count)
        {
            bucket = next;
            hash = (hash * 2862933555777941757) + 1;
            next = (long)((bucket + 1) * ((double)(1L << 31) / ((hash >> 33) + 1)));
        }

        return (int)bucket;
    }
}
