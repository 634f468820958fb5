using System.Buffers;

namespace Rx.Kube;

/// <summary>A set of slots, one bit each: in the caller's buffer, or in a rented array if more slots are needed.</summary>
internal readonly ref struct SlotSet
{
    private const int MaxWordsOnStack = 1024;

    private readonly ulong[]? _rented;
    private readonly Span<ulong> _words;

    /// <param name="slots">More than the greatest slot.</param>
    /// <param name="buffer">A buffer of <see cref="WordsOnStack"/> words.</param>
    public SlotSet(int slots, Span<ulong> buffer)
    {
        _rented = buffer.Length == Words(slots) ? null : ArrayPool<ulong>.Shared.Rent(Words(slots));
        _words = _rented is null ? buffer : _rented.AsSpan(0, Words(slots));
        _words.Clear();
    }

    /// <summary>Gets the size of the buffer: at most 8 KB.</summary>
    public static int WordsOnStack(int slots) => Words(slots) <= MaxWordsOnStack ? Words(slots) : 0;

    /// <summary>Adds a slot.</summary>
    /// <returns>False if it was in the set.</returns>
    public bool Add(int slot)
    {
        ref var word = ref _words[slot / 64];
        var isNew = (word & (1UL << slot)) == 0;
        word |= 1UL << slot;
        return isNew;
    }

    /// <summary>Returns a rented array. The set is not usable afterwards.</summary>
    public void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<ulong>.Shared.Return(_rented);
        }
    }

    private static int Words(int slots) => (slots + 63) / 64;
}
