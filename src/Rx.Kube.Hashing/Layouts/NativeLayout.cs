namespace Rx.Kube;

/// <summary>
/// <c>HashRing/1</c>: token <c>i</c> is XXH64 of the identity with the seed <c>i + 1</c>; a fixed number of tokens per unit of weight.
/// </summary>
internal sealed class NativeLayout(int tokensPerWeight) : RingLayout("HashRing/1", (ulong)tokensPerWeight)
{
    internal override long? TokensOf(int weight) => (long)weight * tokensPerWeight;

    internal override long[] CountTokens(ReadOnlySpan<int> weights)
    {
        var counts = new long[weights.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = (long)weights[i] * tokensPerWeight;
        }

        return counts;
    }

    // The index is the seed and not part of the text, so that different pairs of identity and index never have the same input.
    // Keys use seed 0.
    internal override void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = XxHash64.Hash(hashKey, (ulong)(first + i) + 1);
        }
    }
}
