namespace Rx.Kube;

/// <summary><c>HashRing/1</c>: token <c>i</c> is XXH64 of the identity with the seed <c>i + 1</c>, and there are so many for each unit of weight.</summary>
internal sealed class NativeLayout(int tokensPerWeight) : RingLayout("HashRing/1", (ulong)tokensPerWeight)
{
    internal override long[] CountTokens(ReadOnlySpan<int> weights)
    {
        var counts = new long[weights.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = (long)weights[i] * tokensPerWeight;
        }

        return counts;
    }

    // The index is the seed and no part of the text, so that no two pairs of identity and index are one; seed 0 is that of keys.
    internal override void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = XxHash64.Hash(hashKey, (ulong)(first + i) + 1);
        }
    }
}
