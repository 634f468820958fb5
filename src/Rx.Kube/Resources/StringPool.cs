using System.Text;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Shares strings that repeat (zones, nodes, labels). A fixed number of slots, each holding the last string that fell into it:
/// bounded, and no choice of keys can make a lookup slow; the worst is a string that is not shared. Safe on any thread.
/// </summary>
internal sealed class StringPool
{
    private const int Slots = 8192;
    private const int LongestShared = 128;
    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The text of the reader's current token, a string or a property name.</summary>
    /// <exception cref="InvalidOperationException">The text is not valid UTF-8.</exception>
    public string Get(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (reader.ValueIsEscaped || text.Length is 0 or > LongestShared)
        {
            return reader.GetString()!;
        }

        ref var slot = ref _slots[KeyedHash.Of(text) & (Slots - 1)];
        if (slot is { } shared && Ascii.Equals(text, shared))
        {
            return shared;
        }

        return slot = reader.GetString()!;
    }
}
