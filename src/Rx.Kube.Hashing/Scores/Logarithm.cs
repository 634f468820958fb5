using System.Numerics;

namespace Rx.Kube;

/// <summary>
/// Binary logarithms in integers, so that every machine gets the same result: a table, with straight lines between its entries. The
/// relative error is at most 1/2000, also close to zero, where the best of many members are; only below 2^-28 is it larger.
/// </summary>
internal static class Logarithm
{
    /// <summary>The result is in units of 2^-44.</summary>
    public const int FractionBits = 44;

    private const int IndexBits = 10;

    // Of 1 + i/1024, rounded down. The last line reaches zero where the hash would be 2^64, so that small results keep their relative
    // accuracy.
    private static readonly ulong[] Table = [.. Enumerable.Range(0, 1 << IndexBits).Select(Entry), 1UL << FractionBits];

    /// <summary>Gets −log2 of hash / 2^64, from 1 unit to 64 × 2^44; it never increases with the hash. Zero counts as 1.</summary>
    public static ulong OfFraction(ulong hash)
    {
        hash = Math.Max(hash, 1);
        var leading = BitOperations.LeadingZeroCount(hash);
        var fraction = hash << leading << 1;
        var index = (int)(fraction >> (64 - IndexBits));
        var step = Math.BigMul(Table[index + 1] - Table[index], fraction << IndexBits, out _);
        return ((ulong)(leading + 1) << FractionBits) - Table[index] - step;
    }

    // Bit by bit: the logarithm of a number's square is twice its own.
    private static ulong Entry(int index)
    {
        var (number, result) = ((1UL << 63) + ((ulong)index << (63 - IndexBits)), 0UL);
        for (var bit = 0; bit < FractionBits; bit++)
        {
            var square = Math.BigMul(number, number, out var low);
            var isTwoOrMore = square >> 63;
            (number, result) = (isTwoOrMore == 1 ? square : (square << 1) | (low >> 63), (result << 1) | isTwoOrMore);
        }

        return result;
    }
}
