namespace Rx.Kube;

/// <summary>
/// The order in which a member would take the places of a table: from an offset on in steps, which meet each place once, as the size is
/// prime.
/// </summary>
internal readonly record struct Permutation(uint Offset, uint Skip)
{
    public static Permutation Of(ReadOnlySpan<byte> hashKey, int size) =>
        new((uint)(XxHash64.Hash(hashKey) % (uint)size), (uint)(XxHash64.Hash(hashKey, 1) % (uint)(size - 1)) + 1);
}
