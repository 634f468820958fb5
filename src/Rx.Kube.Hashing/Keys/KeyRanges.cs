namespace Rx.Kube;

/// <summary>Sets of hashes, as ranges.</summary>
internal static class KeyRanges
{
    /// <summary>Lists the same hashes as ranges in ascending order that neither overlap nor are adjacent.</summary>
    public static IReadOnlyList<KeyRange> Normalized(IEnumerable<KeyRange> ranges)
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

        return merged;
    }

    /// <summary>Lists the hashes of some normalized ranges that are not in others, in ascending order.</summary>
    public static IEnumerable<KeyRange> Except(IReadOnlyList<KeyRange> holds, IReadOnlyList<KeyRange> without)
    {
        foreach (var range in holds)
        {
            KeyRange? rest = range;
            for (var next = FirstEndingAtOrAfter(without, range.First); rest is { } left && next < without.Count; next++)
            {
                var hole = without[next];
                if (hole.First > left.Last)
                {
                    break;
                }

                if (hole.First > left.First)
                {
                    yield return new KeyRange(left.First, hole.First - 1);
                }

                rest = hole.Last < left.Last ? new KeyRange(hole.Last + 1, left.Last) : null;
            }

            if (rest is { } last)
            {
                yield return last;
            }
        }
    }

    private static int FirstEndingAtOrAfter(IReadOnlyList<KeyRange> ranges, ulong hash)
    {
        var (low, high) = (0, ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges[middle].Last < hash ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
