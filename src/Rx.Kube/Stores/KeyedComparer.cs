using System.Runtime.InteropServices;

namespace Rx.Kube;

/// <summary>
/// The default equality, with a hash that has a key per process: index keys are values that the server sent, and the hashes of numbers
/// and Guids in .NET are known, so that a sender could choose values that collide.
/// </summary>
internal sealed class KeyedComparer<TKey> : EqualityComparer<TKey>
    where TKey : notnull
{
    private KeyedComparer()
    {
    }

    /// <summary>Gets the comparer.</summary>
    public static KeyedComparer<TKey> Instance { get; } = new();

    public override bool Equals(TKey? x, TKey? y) => EqualityComparer<TKey>.Default.Equals(x, y);

    // The hashes of the first three combine their halves without a key; every other type's hash is only mixed.
    public override int GetHashCode(TKey key) => key switch
    {
        long n => HashCode.Combine((int)n, (int)(n >> 32)),
        ulong n => HashCode.Combine((int)n, (int)(n >> 32)),
        Guid id => OfBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in id))),
        _ => HashCode.Combine(EqualityComparer<TKey>.Default.GetHashCode(key)),
    };

    private static int OfBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
