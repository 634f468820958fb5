using System.Collections.Immutable;
using Rx.Kube;

namespace ShardedCache.Data;

/// <summary>A set of hashes, as ranges in ascending order that do not overlap. Immutable.</summary>
internal sealed class RangeSet
{
    public static readonly RangeSet Empty = new([]);

    private RangeSet(ImmutableArray<KeyRange> ranges) => Ranges = ranges;

    public ImmutableArray<KeyRange> Ranges { get; }

    public bool IsEmpty => Ranges.IsEmpty;

    /// <summary>Makes a set of ranges in any order, which may overlap.</summary>
    public static RangeSet Of(IEnumerable<KeyRange> ranges)
    {
        var merged = new List<KeyRange>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && (range.First == 0 || range.First - 1 <= merged[^1].Last))
            {
                merged[^1] = new KeyRange(merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return new([.. merged]);
    }

    public bool Contains(KeyHash hash)
    {
        var (low, high) = (0, Ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Ranges[middle].Last < hash.Value ? (middle + 1, high) : (low, middle);
        }

        return low < Ranges.Length && Ranges[low].Contains(hash);
    }

    public RangeSet Union(RangeSet other) => Of([.. Ranges, .. other.Ranges]);

    public RangeSet Intersect(RangeSet other)
    {
        var common = new List<KeyRange>();
        for (int left = 0, right = 0; left < Ranges.Length && right < other.Ranges.Length;)
        {
            if (Ranges[left].Intersect(other.Ranges[right]) is { } both)
            {
                common.Add(both);
            }

            _ = Ranges[left].Last < other.Ranges[right].Last ? left++ : right++;
        }

        return Of(common);
    }

    public RangeSet Except(RangeSet other) => Intersect(other.Complement());

    private RangeSet Complement()
    {
        var rest = new List<KeyRange>();
        ulong first = 0;
        foreach (var range in Ranges)
        {
            if (range.First > first)
            {
                rest.Add(new KeyRange(first, range.First - 1));
            }

            if (range.Last == ulong.MaxValue)
            {
                return Of(rest);
            }

            first = range.Last + 1;
        }

        rest.Add(new KeyRange(first, ulong.MaxValue));
        return Of(rest);
    }
}
