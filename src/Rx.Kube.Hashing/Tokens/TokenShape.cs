using System.Numerics;

namespace Rx.Kube;

/// <summary>
/// How the tokens of a ring are divided: by the leading bits of a token into pages; within a page, by the next bits into cells; and into
/// the bits that stand beside the slot of a member and the rest.
/// </summary>
/// <remarks>
/// A change copies the list of all pages and each page that it touches, so the best size of a page grows with the number of tokens: 20 to
/// 40 tokens up to 1,600 members with 160 tokens each, and 64 to 128 from 3,300 members on. Among 100 members, a join copies 72 KB instead
/// of 165 KB with pages of 128 tokens. <c>TokenPagesTests</c> compare changed pages with those of a fresh start.
/// </remarks>
/// <param name="PageBits">The number of leading bits that select the page, from 1.</param>
/// <param name="CellBits">The number of bits after these that select the cell, from 4 to 6.</param>
/// <param name="SlotBits">The number of bits of a slot. The other bits of a word are bits of the token.</param>
internal sealed record TokenShape(int PageBits, int CellBits, int SlotBits)
{
    /// <summary>The number of bits of a token that are in neither the number of the page nor the word, at most.</summary>
    public const int MaxRestBits = 48;

    private const int NarrowSlots = 16;
    private const int WideSlots = 20; // RingLimits.MaxMembers fits: no slot has all bits set.

    // A lookup needs these; they are fields, because each shift that it computes takes part of a nanosecond.
    private readonly int _pageShift = 64 - PageBits;
    private readonly int _cellShift = 64 - CellBits;
    private readonly uint _leadMask = uint.MaxValue << SlotBits;

    public int PageCount => 1 << PageBits;

    /// <summary>Gets the number of cells of a page.</summary>
    public int Cells => 1 << CellBits;

    /// <summary>Gets the index of the first token's word in a page: after the cells.</summary>
    public int First { get; } = (1 << CellBits) / sizeof(uint);

    private int RestBits => _pageShift - (32 - SlotBits);

    /// <summary>Gets the best shape.</summary>
    /// <param name="tokens">The number of tokens.</param>
    /// <param name="slots">The number of slots.</param>
    public static TokenShape For(long tokens, int slots)
    {
        var slotBits = SlotBitsFor(slots);
        var pageBits = PageBitsFor(tokens, slotBits);
        var perCell = (tokens >> pageBits) * 2 / 3;
        return new(pageBits, Math.Clamp(BitOperations.Log2((uint)perCell | 1) + 1, 4, 6), slotBits);
    }

    /// <summary>Gets whether pages would have far more or far fewer tokens than with the best shape, or a slot would not fit.</summary>
    public bool IsBadFor(long tokens, int slots) =>
        SlotBitsFor(slots) > SlotBits
        || PageBitsFor(tokens * 2 / 3, SlotBits) > PageBits || PageBitsFor(tokens * 4 / 3, SlotBits) < PageBits;

    public int PageOf(ulong hash) => (int)(hash >> _pageShift);

    /// <summary>Gets the cell of a hash in its page.</summary>
    public int CellOf(ulong hash) => (int)(hash << PageBits >> _cellShift);

    /// <summary>Gets the cell of a word in its page.</summary>
    public int CellOf(uint word) => CellOf((ulong)word << 32 >> PageBits);

    /// <summary>Gets the bits of a hash that are stored with the slot, in their position.</summary>
    public uint LeadOf(ulong hash) => (uint)(hash << PageBits >> 32) & _leadMask;

    public int SlotIn(uint word) => (int)(word & ~_leadMask);

    /// <summary>Gets the word that follows the last token of a page: greater than all others, with the next slot.</summary>
    public uint NextOf(int slot) => _leadMask | (uint)slot;

    /// <summary>Gets whether the bits in a word are the given ones.</summary>
    public bool HasLead(uint word, uint lead) => (word & _leadMask) == lead;

    public ulong RestOf(ulong hash) => hash & ((1UL << RestBits) - 1);

    /// <summary>Gets the token of which these are the parts.</summary>
    public ulong TokenOf(int page, uint word, ulong rest) =>
        ((ulong)page << _pageShift) | ((ulong)(word >> SlotBits) << RestBits) | rest;

    private static int SlotBitsFor(int slots) => slots < 1 << NarrowSlots ? NarrowSlots : WideSlots;

    // At most 40 tokens a page up to 4,096 pages; then 64 up to 8,192 pages, whose list is not yet a large object; then 128.
    private static int PageBitsFor(long tokens, int slotBits)
    {
        static int Bits(long tokens, int most) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)(tokens / most) + 1));
        var best = Bits(tokens, 40) is <= 12 and var small ? Math.Max(1, small)
            : Bits(tokens, 64) is <= 13 and var middle ? Math.Max(12, middle)
            : Math.Max(13, Bits(tokens, 128));
        return Math.Max(best, 32 + slotBits - MaxRestBits);
    }
}
