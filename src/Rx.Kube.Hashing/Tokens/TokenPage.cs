using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rx.Kube;

/// <summary>
/// The tokens of one slice of the hashes, packed so that a lookup touches two cache lines: one-byte entries that say where each part of the
/// slice begins; then the tokens in order, 32 bits each: the 16 bits of the token that come after the bits of the slice, and its member's
/// slot; then end marks; and last the whole tokens, which only matter where those 16 bits are equal.
/// </summary>
internal static class TokenPage
{
    /// <summary>The number of bits of a hash, after the bits that select the page, that are stored with the slot.</summary>
    public const int LeadBits = 16;

    /// <summary>The index of the first token.</summary>
    public const int First = Cells / sizeof(uint);

    /// <summary>The number of parts of a slice; each has an entry.</summary>
    public const int Cells = 1 << CellBits;

    /// <summary>Greater than any token, because there is no slot 65,535.</summary>
    public const uint End = uint.MaxValue;

    /// <summary>Also the word of slot 0 with leading bits of zero; the slower search handles that one too.</summary>
    public const uint Unclear = 0;

    /// <summary>One word before the end marks, and two after them.</summary>
    public const int WordsPerToken = 3;

    /// <summary>The number of end marks, so that four words can be read from any token on.</summary>
    public const int Ends = 4;

    private const int CellBits = 6;

    /// <summary>
    /// Gets the word of the first token at or after the hash; <see cref="End"/> if none is left, and <see cref="Unclear"/> if a token has
    /// the same leading bits, so that the whole tokens decide.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="shift">The number of bits of the hash after the bits that are stored with the slot.</param>
    public static uint WordOf(uint[] page, ulong hash, int shift)
    {
        // No bounds checks: each would read the array's length, which is another cache line. The end marks stop the search.
        ref var words = ref MemoryMarshal.GetArrayDataReference(page);
        var lead = LeadOf(hash, shift);
        var index = First + (int)Unsafe.Add(ref Unsafe.As<uint, byte>(ref words), CellOf(lead));
        int passed;
        do
        {
            // Four at a time, without a branch for each: the right one cannot be predicted.
            var four = Vector128.LoadUnsafe(ref words, (nuint)index);
            passed = BitOperations.PopCount(Vector128.LessThan(four, Vector128.Create(lead)).ExtractMostSignificantBits());
            index += passed;
        }
        while (passed == Vector128<uint>.Count);

        var word = Unsafe.Add(ref words, index);
        return word != End && word - lead < 1 << LeadBits ? Unclear : word;
    }

    /// <summary>Gets the entries: the number of tokens in the parts before each part.</summary>
    public static Span<byte> CellsOf(uint[] page) => MemoryMarshal.AsBytes(page.AsSpan(0, First));

    /// <summary>Counts one more token, or one less, before each part after this one.</summary>
    public static void Count(Span<byte> cells, int cell, bool isMore)
    {
        ref var first = ref MemoryMarshal.GetReference(cells);
        for (var i = 0; i < Cells; i += Vector256<byte>.Count)
        {
            var minusOne = Vector256.GreaterThan(Vector256<byte>.Indices + Vector256.Create((byte)i), Vector256.Create((byte)cell));
            var counts = Vector256.LoadUnsafe(ref first, (nuint)i);
            (isMore ? counts - minusOne : counts + minusOne).StoreUnsafe(ref first, (nuint)i);
        }
    }

    /// <summary>Finds the index of the first token at or after the hash; of the first end mark if there is none.</summary>
    public static int Find(uint[] page, ulong hash)
    {
        var (low, high) = (First, First + CountOf(page));
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = TokenAt(page, middle) < hash ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    public static bool IsEnd(uint[] page, int index) => page[index] == End;

    public static int SlotAt(uint[] page, int index) => SlotIn(page[index]);

    public static int SlotIn(uint word) => (int)(word & 0xFFFF);

    public static ulong TokenAt(uint[] page, int index)
    {
        var whole = WholeAt(page, index);
        return page[whole] | ((ulong)page[whole + 1] << 32);
    }

    public static RingPoint PointAt(uint[] page, int index) => new(TokenAt(page, index), SlotAt(page, index));

    /// <summary>Gets the number of tokens.</summary>
    public static int CountOf(uint[] page) => (page.Length - First - Ends) / WordsPerToken;

    /// <summary>Gets the index of the whole token whose leading bits are at an index.</summary>
    public static int WholeAt(uint[] page, int index) => First + CountOf(page) + Ends + ((index - First) * 2);

    /// <summary>Gets the bits of a hash that are stored with the slot, in their position.</summary>
    public static uint LeadOf(ulong hash, int shift) => (uint)(hash >> shift) << (32 - LeadBits);

    /// <summary>Gets the part of the slice that begins with these bits.</summary>
    public static int CellOf(uint lead) => (int)(lead >> (32 - CellBits));
}
