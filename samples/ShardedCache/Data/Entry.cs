using System.Text.Json.Serialization;
using Rx.Kube;

namespace ShardedCache.Data;

/// <summary>A value, or the tombstone of a deleted one, as pods store it and send it to each other.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; null for a tombstone.</param>
/// <param name="Version">The version. A copy replaces only an older one.</param>
internal sealed record Entry(string Key, byte[]? Value, EntryVersion Version)
{
    /// <summary>Gets the place of the key on the ring.</summary>
    [JsonIgnore]
    public KeyHash Hash { get; } = KeyHash.Of(Key);
}
