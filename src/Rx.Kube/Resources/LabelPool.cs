using System.Collections.Frozen;

namespace Rx.Kube;

/// <summary>
/// Shares label sets: all slices of a Service have nearly the same labels, and a frozen dictionary is expensive to build. Keyed by the
/// bytes of the JSON; bounded as <see cref="StringPool"/> is. Thread-safe.
/// </summary>
internal sealed class LabelPool
{
    private const int Slots = 512;
    private const int LongestShared = 1024;
    private readonly Entry?[] _slots = new Entry?[Slots];

    /// <summary>Gets the label set of these bytes, if it was seen recently; otherwise null.</summary>
    public FrozenDictionary<string, string>? Find(ReadOnlySpan<byte> json, ulong hash) =>
        _slots[hash & (Slots - 1)] is { } entry && json.SequenceEqual(entry.Json) ? entry.Labels : null;

    /// <summary>Remembers the label set of these bytes.</summary>
    public void Keep(ReadOnlySpan<byte> json, ulong hash, FrozenDictionary<string, string> labels)
    {
        if (json.Length <= LongestShared)
        {
            _slots[hash & (Slots - 1)] = new Entry(json.ToArray(), labels);
        }
    }

    private sealed record Entry(byte[] Json, FrozenDictionary<string, string> Labels);
}
