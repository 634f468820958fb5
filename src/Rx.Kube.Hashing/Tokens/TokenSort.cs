using System.Numerics;

namespace Rx.Kube;

/// <summary>
/// Sorts the tokens of one member. They are spread evenly, so their leading bits put almost all of them in order without comparing any: a
/// processor guesses each comparison of a usual sort wrongly half of the time, which took a fifth of the time of a join.
/// <c>TokenSortTests</c> compare with such a sort.
/// </summary>
internal static class TokenSort
{
    private const int MostBuckets = 4096;

    /// <summary>Gets the same tokens in ascending order.</summary>
    public static ulong[] Sorted(ReadOnlySpan<ulong> tokens)
    {
        var buckets = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)tokens.Length | 1) * 2, MostBuckets);
        var (shift, sorted) = (64 - BitOperations.Log2((uint)buckets), new ulong[tokens.Length]);
        Span<int> ends = stackalloc int[buckets];
        ends.Clear();
        foreach (var token in tokens)
        {
            ends[(int)(token >> shift)]++;
        }

        for (var bucket = 1; bucket < buckets; bucket++)
        {
            ends[bucket] += ends[bucket - 1];
        }

        // Each entry counts down from the end of its bucket to the beginning, so it is then the end of the bucket before.
        foreach (var token in tokens)
        {
            sorted[--ends[(int)(token >> shift)]] = token;
        }

        // Tokens of one bucket are in any order, but few buckets have more than one.
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] < sorted[i - 1])
            {
                var bucket = (int)(sorted[i] >> shift);
                sorted.AsSpan(ends[bucket]..(bucket + 1 < buckets ? ends[bucket + 1] : sorted.Length)).Sort();
            }
        }

        return sorted;
    }
}
