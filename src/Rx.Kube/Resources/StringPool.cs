using System.Text;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Shares strings that repeat (zones, nodes, labels). It has a fixed number of slots, each with the last string stored there: memory is
/// bounded, and no choice of strings makes a lookup slow; at worst a string is not shared. Thread-safe.
/// </summary>
/// <param name="slots">The number of slots, a power of two.</param>
internal sealed class StringPool(int slots = 8192)
{
    private const int LongestShared = 128;
    private readonly string?[] _slots = new string?[slots];

    /// <summary>Gets a shared string by its UTF-8; null if it is not shared.</summary>
    public string? Find(ReadOnlySpan<byte> text) => text.Length switch
    {
        0 => "",
        > LongestShared => null,
        _ => SlotOf(text) is { } shared && Ascii.Equals(text, shared) ? shared : null,
    };

    /// <summary>Shares a string, if it is short.</summary>
    public string Keep(ReadOnlySpan<byte> text, string value) => text.Length is 0 or > LongestShared ? value : SlotOf(text) = value;

    private ref string? SlotOf(ReadOnlySpan<byte> text) => ref _slots[KeyedHash.Of(text) & (ulong)(_slots.Length - 1)];

    /// <summary>Gets the text of the reader's current token, a string or a property name.</summary>
    /// <exception cref="InvalidOperationException">The text is not valid UTF-8.</exception>
    public string Get(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (reader.ValueIsEscaped || text.Length is 0 or > LongestShared)
        {
            return reader.GetString()!;
        }

        ref var slot = ref _slots[KeyedHash.Of(text) & (ulong)(_slots.Length - 1)];
        if (slot is { } shared && Ascii.Equals(text, shared))
        {
            return shared;
        }

        return slot = reader.GetString()!;
    }
}
