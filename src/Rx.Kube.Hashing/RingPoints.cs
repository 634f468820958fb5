using System.Numerics;

namespace Rx.Kube.Hashing;

/// <summary>
/// Points in order, and an index into them by the leading bits of a hash: with about as many buckets as points, the search that is left
/// is a step or two long, however many members there are.
/// </summary>
internal sealed class RingPoints
{
    private readonly RingPoint[] _points;
    private readonly int[] _firstOfBucket;
    private readonly int _shift;

    /// <param name="points">In order, and one more at the end, which stands for the first: beyond the last token the ring begins again.</param>
    private RingPoints(RingPoint[] points)
    {
        _points = points;
        Count = points.Length - 1;
        var buckets = BitOperations.RoundUpToPowerOf2((uint)Math.Max(Count, 2));
        _shift = 64 - BitOperations.Log2(buckets);
        _firstOfBucket = new int[buckets];
        var next = 0;
        for (var bucket = 0UL; bucket < buckets; bucket++)
        {
            while (next < Count && points[next].Token < bucket << _shift)
            {
                next++;
            }

            _firstOfBucket[bucket] = next;
        }
    }

    public int Count { get; }

    public RingPoint this[int index] => _points[index];

    public static RingPoints Sorted(RingPoint[] points)
    {
        Array.Sort(points);
        return Closed([.. points, default]);
    }

    /// <summary>The index of the first point at or after the hash; <see cref="Count"/>, which stands for 0, if there is none.</summary>
    public int Find(ulong hash)
    {
        var points = _points;
        var index = _firstOfBucket[hash >> _shift];
        while (points[index].Token < hash)
        {
            index++;
        }

        return index;
    }

    /// <summary>With these points of a new member; members of that rank or a higher one move up by one.</summary>
    public RingPoints With(RingPoint[] added, int rank)
    {
        Array.Sort(added);
        var merged = new RingPoint[Count + added.Length + 1];
        var (from, to) = (0, 0);
        foreach (var point in added)
        {
            for (; from < Count && Raised(_points[from], rank).CompareTo(point) < 0; from++)
            {
                merged[to++] = Raised(_points[from], rank);
            }

            merged[to++] = point;
        }

        for (; from < Count; from++)
        {
            merged[to++] = Raised(_points[from], rank);
        }

        return Closed(merged);
    }

    /// <summary>Without the <paramref name="count"/> points of the member of that rank; members of a higher one move down by one.</summary>
    public RingPoints Without(int rank, int count)
    {
        var rest = new RingPoint[Count - count + 1];
        var to = 0;
        for (var from = 0; from < Count; from++)
        {
            var point = _points[from];
            if (point.Member != rank)
            {
                rest[to++] = point.Member > rank ? point with { Member = point.Member - 1 } : point;
            }
        }

        return Closed(rest);
    }

    private static RingPoint Raised(RingPoint point, int rank) => point.Member >= rank ? point with { Member = point.Member + 1 } : point;

    private static RingPoints Closed(RingPoint[] points)
    {
        points[^1] = new RingPoint(ulong.MaxValue, points[0].Member);
        return new RingPoints(points);
    }
}
