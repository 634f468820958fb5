namespace Rx.Kube;

/// <summary>
/// The buckets of AnchorHash (Mendelson et al., 2020), with the paper's letters. Buckets are removed and restored in the order of a stack;
/// a hash that finds a removed bucket continues to one of the buckets that were left after its removal. Immutable once made; a change is
/// made on a copy.
/// </summary>
internal sealed class AnchorBuckets : IBuckets
{
    /// <summary>A: 0 for a working bucket; else the number of working buckets after its removal.</summary>
    private readonly int[] _a;

    /// <summary>K: the bucket that took the place of a removed one.</summary>
    private readonly int[] _k;

    /// <summary>W: the working buckets, first.</summary>
    private readonly int[] _w;

    /// <summary>L: the position of a bucket in W.</summary>
    private readonly int[] _l;

    /// <summary>R: the removed buckets, in the order of their removal.</summary>
    private readonly int[] _r;
    private readonly int[] _slots;

    private AnchorBuckets(int capacity)
    {
        _a = new int[capacity];
        (_k, _w, _l) = ([.. Enumerable.Range(0, capacity)], [.. Enumerable.Range(0, capacity)], [.. Enumerable.Range(0, capacity)]);
        (_r, _slots, Working) = (new int[capacity], new int[capacity], capacity);
        Array.Fill(_slots, -1);
    }

    private AnchorBuckets(AnchorBuckets other) => (_a, _k, _w, _l, _r, _slots, Working) =
        ([.. other._a], [.. other._k], [.. other._w], [.. other._l], [.. other._r], [.. other._slots], other.Working);

    public int Count => _a.Length;

    /// <summary>N: the number of working buckets.</summary>
    public int Working { get; private set; }

    /// <summary>
    /// Gives the members, in the order of slots, as many buckets as they weigh, from bucket 0 on, and removes the rest, the greatest first.
    /// </summary>
    public static AnchorBuckets Of(int capacity, ReadOnlySpan<int> weights)
    {
        var (buckets, next) = (new AnchorBuckets(capacity), 0);
        for (var slot = 0; slot < weights.Length; slot++)
        {
            buckets._slots.AsSpan(next, weights[slot]).Fill(slot);
            next += weights[slot];
        }

        for (var bucket = capacity - 1; bucket >= next; bucket--)
        {
            buckets.Remove(bucket);
        }

        return buckets;
    }

    /// <summary>
    /// Gives a member more buckets, the ones that were removed last, or takes its greatest ones away. There must be enough of them.
    /// </summary>
    public AnchorBuckets Resized(int slot, int difference)
    {
        var buckets = new AnchorBuckets(this);
        for (; difference > 0; difference--)
        {
            buckets._slots[buckets.Restore()] = slot;
        }

        for (var bucket = Count - 1; difference < 0; bucket--)
        {
            if (_slots[bucket] == slot)
            {
                buckets.Remove(bucket);
                difference++;
            }
        }

        return buckets;
    }

    public int Find(ulong hash)
    {
        var bucket = Draw(hash, 0, Count);
        while (_a[bucket] > 0)
        {
            var next = Draw(hash, (ulong)bucket + 1, _a[bucket]);
            while (_a[next] >= _a[bucket])
            {
                next = _k[next];
            }

            bucket = next;
        }

        return bucket;
    }

    public int SlotAt(int bucket) => _slots[bucket];

    /// <summary>
    /// Gets a hash of the removed buckets, their order, and the members of the other buckets: everything that <see cref="Find"/> depends
    /// on.
    /// </summary>
    public ulong State<TMember>(MemberTable<TMember> table)
    {
        var hash = 0UL;
        foreach (var bucket in _r.AsSpan(0, Count - Working))
        {
            hash = Chain.Of((ulong)bucket, hash);
        }

        for (var bucket = 0; bucket < Count; bucket++)
        {
            hash = _slots[bucket] < 0 ? hash : Chain.Of(table.BySlot[_slots[bucket]]!.Utf8, Chain.Of((ulong)bucket, hash));
        }

        return hash;
    }

    private static int Draw(ulong hash, ulong seed, int count) => (int)Math.BigMul(Chain.Of(hash, seed), (ulong)count, out _);

    private void Remove(int bucket)
    {
        _r[Count - Working] = bucket;
        Working--;
        _a[bucket] = Working;
        _w[_l[bucket]] = _k[bucket] = _w[Working];
        _l[_w[Working]] = _l[bucket];
        _slots[bucket] = -1;
    }

    private int Restore()
    {
        var bucket = _r[Count - Working - 1];
        _a[bucket] = 0;
        _l[_w[Working]] = Working;
        _w[_l[bucket]] = _k[bucket] = bucket;
        Working++;
        return bucket;
    }
}
