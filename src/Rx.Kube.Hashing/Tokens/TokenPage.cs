using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rx.Kube;

/// <summary>
/// The tokens of one slice of the hashes, packed so that a lookup touches two cache lines: one-byte entries that say where each cell of the
/// slice begins; then a word for each token in order: the bits of the token that come after the bits of the slice, and its member's slot;
/// then a word with the slot of the first token after the page, so that a lookup does not branch where a page ends (3.2 ns among few
/// members instead of 5.2 ns), and end marks; and last the other bits of the tokens, which only matter where the bits in the words are
/// equal. <c>HashRingModelTests</c> compare with the plainest ring.
/// </summary>
internal static class TokenPage
{
    // Not less than any word, so that a search stops there.
    private const uint End = uint.MaxValue;

    /// <summary>The number of words behind the tokens: one with the next slot, and then end marks, to read four at once.</summary>
    public const int Ends = 4;

    /// <summary>The greatest number of tokens before a cell.</summary>
    public const int MaxCounted = byte.MaxValue;

    private const int RestHalves = TokenShape.MaxRestBits / 16;

    /// <summary>Creates a page without anything in it.</summary>
    public static uint[] Create(int count, TokenShape shape) => new uint[shape.First + count + Ends + (((count * RestHalves) + 1) / 2)];

    /// <summary>Fills the words behind the tokens with end marks: there is no next token yet.</summary>
    public static void SetEnds(uint[] page, TokenShape shape) => page.AsSpan(EndOf(page, shape), Ends).Fill(End);

    /// <summary>Counts the tokens before each cell.</summary>
    public static void SetCells(uint[] page, TokenShape shape)
    {
        Span<int> counts = stackalloc int[shape.Cells];
        counts.Clear();
        foreach (var word in WordsOf(page, shape))
        {
            counts[shape.CellOf(word)]++;
        }

        var (cells, before) = (0, 0);
        foreach (ref var cell in CellsOf(page, shape))
        {
            // A page has more tokens only with a bad hash; then the search is longer.
            cell = (byte)Math.Min(before, MaxCounted);
            before += counts[cells++];
        }
    }

    /// <summary>
    /// Gets the word of the first token whose bits in the word are not less than those of the hash; after the last one, a word with the
    /// slot of the next token.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint WordOf(uint[] page, ulong hash, uint lead, TokenShape shape) =>
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(page), IndexOf(page, hash, lead, shape));

    /// <summary>Gets the slot of the first token of a page, or of a later page if this one has none.</summary>
    public static int FirstSlotOf(uint[] page, TokenShape shape) => shape.SlotIn(page[shape.First]);

    /// <summary>Gets the slot of the first token of a later page.</summary>
    public static int NextSlotOf(uint[] page, TokenShape shape) => shape.SlotIn(page[EndOf(page, shape)]);

    /// <summary>Sets the slot of the first token of a later page.</summary>
    public static void SetNextSlot(uint[] page, int slot, TokenShape shape) =>
        page[EndOf(page, shape)] = shape.NextOf(slot);

    /// <summary>Gets the entries: the number of tokens in the cells before each cell.</summary>
    public static Span<byte> CellsOf(uint[] page, TokenShape shape) => MemoryMarshal.AsBytes(page.AsSpan(0, shape.First));

    /// <summary>Counts one more token, or one less, before each cell after this one.</summary>
    public static void Count(Span<byte> cells, int cell, bool isMore)
    {
        ref var first = ref MemoryMarshal.GetReference(cells);
        for (var i = 0; i < cells.Length; i += Vector128<byte>.Count)
        {
            var minusOne = Vector128.GreaterThan(Vector128<byte>.Indices + Vector128.Create((byte)i), Vector128.Create((byte)cell));
            var counts = Vector128.LoadUnsafe(ref first, (nuint)i);
            (isMore ? counts - minusOne : counts + minusOne).StoreUnsafe(ref first, (nuint)i);
        }
    }

    /// <summary>Finds the index of the first token at or after the hash; the index after the last token if there is none.</summary>
    public static int Find(uint[] page, ulong hash, TokenShape shape)
    {
        var (lead, rest, end) = (shape.LeadOf(hash), shape.RestOf(hash), EndOf(page, shape));
        var index = (int)IndexOf(page, hash, lead, shape);
        while (index < end && shape.HasLead(page[index], lead) && RestAt(page, index, shape) < rest)
        {
            index++;
        }

        return index;
    }

    /// <summary>Gets the index after the last token.</summary>
    public static int EndOf(uint[] page, TokenShape shape) => shape.First + CountOf(page, shape);

    public static RingPoint PointAt(uint[] page, int number, int index, TokenShape shape) =>
        new(TokenAt(page, number, index, shape), shape.SlotIn(page[index]));

    public static ulong TokenAt(uint[] page, int number, int index, TokenShape shape) =>
        shape.TokenOf(number, page[index], RestAt(page, index, shape));

    /// <summary>Gets the number of tokens.</summary>
    public static int CountOf(uint[] page, TokenShape shape) => (page.Length - shape.First - Ends) * 2 / (2 + RestHalves);

    /// <summary>Gets the words of the tokens.</summary>
    public static Span<uint> WordsOf(uint[] page, TokenShape shape) => page.AsSpan(shape.First, CountOf(page, shape));

    /// <summary>Gets the other bits of the tokens, three numbers each, the least significant first.</summary>
    public static Span<ushort> RestsOf(uint[] page, TokenShape shape)
    {
        var count = CountOf(page, shape);
        return MemoryMarshal.Cast<uint, ushort>(page.AsSpan(shape.First + count + Ends))[..(count * RestHalves)];
    }

    public static Range RestsFor(int from, int to) => (from * RestHalves)..(to * RestHalves);

    public static void SetRest(Span<ushort> rests, int token, ulong rest)
    {
        var at = rests.Slice(token * RestHalves, RestHalves);
        (at[0], at[1], at[2]) = ((ushort)rest, (ushort)(rest >> 16), (ushort)(rest >> 32));
    }

    private static ulong RestAt(uint[] page, int index, TokenShape shape)
    {
        var at = RestsOf(page, shape).Slice((index - shape.First) * RestHalves, RestHalves);
        return at[0] | ((ulong)at[1] << 16) | ((ulong)at[2] << 32);
    }

    // The index of the first word whose bits of the token are not less than these, or the index after the last token.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint IndexOf(uint[] page, ulong hash, uint lead, TokenShape shape)
    {
        // No bounds checks: each would read the array's length, which is another cache line. The end marks stop the search.
        ref var words = ref MemoryMarshal.GetArrayDataReference(page);
        var index = (nuint)shape.First + Unsafe.Add(ref Unsafe.As<uint, byte>(ref words), (nuint)shape.CellOf(hash));
        uint passed;
        do
        {
            // Four at a time, without a branch for each: the right one cannot be predicted.
            var four = Vector128.LoadUnsafe(ref words, index);
            passed = (uint)BitOperations.PopCount(Vector128.LessThan(four, Vector128.Create(lead)).ExtractMostSignificantBits());
            index += passed;
        }
        while (passed == (uint)Vector128<uint>.Count);

        return index;
    }
}
