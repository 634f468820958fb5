namespace Rx.Kube.Hashing.Tokens;

/// <summary>
/// The tokens of one slice of the hashes, packed so that a lookup touches two cache lines: 256 one-byte entries that say where each
/// 256th of the slice begins; then the tokens in order, a word each of the token's leading 48 bits and its member's slot; the
/// end mark; and the tokens' trailing 16 bits, which only matter where the leading ones are equal.
/// </summary>
internal static class TokenPage
{
    /// <summary>The bits of a hash, after those that choose the page, which choose an entry.</summary>
    public const int CellBits = 8;

    /// <summary>Greater than any token: there is no slot 65,535.</summary>
    public const ulong End = ulong.MaxValue;

    /// <summary>Where the tokens begin.</summary>
    public const int First = (1 << CellBits) / sizeof(ulong);

    private const ulong Leading = ~0xFFFFUL;

    /// <summary>The index of the first token at or after the hash, which stands in this page's slice; of the end mark if there is none.</summary>
    /// <param name="page">The page.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="shift">How far the bits that choose an entry are from the right.</param>
    public static int Find(ulong[] page, ulong hash, int shift)
    {
        var index = Start(page, hash, shift);
        while (page[index] < (hash & Leading))
        {
            index++;
        }

        // Beside it now or equal in the leading bits, which happens once in 2^48 times: then the trailing ones decide.
        while (((page[index] ^ hash) & Leading) == 0 && page[index] != End && TokenAt(page, index) < hash)
        {
            index++;
        }

        return index;
    }

    /// <summary>The slot of the token at the index.</summary>
    public static int SlotAt(ulong[] page, int index) => (int)(page[index] & ~Leading);

    /// <summary>The whole token at the index.</summary>
    public static ulong TokenAt(ulong[] page, int index)
    {
        var (trailing, nth) = (First + CountOf(page) + 1, index - First);
        return (page[index] & Leading) | ((page[trailing + (nth / 4)] >> (nth % 4 * 16)) & ~Leading);
    }

    /// <summary>How many tokens it has. Its length is that of the entries, of n words, of the end mark and of n quarters of words.</summary>
    public static int CountOf(ulong[] page) => (page.Length - First - 1) * 4 / 5;

    /// <summary>A page of these points, in order.</summary>
    public static ulong[] Of(ReadOnlySpan<RingPoint> points, int shift)
    {
        var page = new ulong[First + points.Length + 1 + ((points.Length + 3) / 4)];
        var (cell, trailing) = (0, First + points.Length + 1);
        for (var nth = 0; nth < points.Length; nth++)
        {
            var (token, slot) = points[nth];
            page[First + nth] = (token & Leading) | (uint)slot;
            page[trailing + (nth / 4)] |= (token & ~Leading) << (nth % 4 * 16);
            for (; cell <= CellOf(token, shift); cell++)
            {
                SetStart(page, cell, nth);
            }
        }

        page[First + points.Length] = End;
        for (; cell < 1 << CellBits; cell++)
        {
            SetStart(page, cell, points.Length);
        }

        return page;
    }

    /// <summary>Whether a lookup that arrived at this word needs no second look: it is no end mark, and differs from the hash in its leading bits.</summary>
    public static bool IsSettled(ulong word, ulong hash) => (word ^ hash) > ~Leading && word != End;

    /// <summary>Where a search for the hash begins.</summary>
    public static int Start(ulong[] page, ulong hash, int shift)
    {
        var cell = CellOf(hash, shift);
        return First + (int)((page[cell / sizeof(ulong)] >> (cell % sizeof(ulong) * 8)) & 0xFF);
    }

    private static int CellOf(ulong hash, int shift) => (int)(hash >> shift) & ((1 << CellBits) - 1);

    // A page has that many tokens only if their hash is a bad one; then the search is longer.
    private static void SetStart(ulong[] page, int cell, int nth) =>
        page[cell / sizeof(ulong)] |= (ulong)Math.Min(nth, 0xFF) << (cell % sizeof(ulong) * 8);
}
