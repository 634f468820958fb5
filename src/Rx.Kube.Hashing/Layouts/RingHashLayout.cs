namespace Rx.Kube;

/// <summary>
/// <c>RingHash/1</c>, the layout of Envoy and gRPC: token <c>i</c> is XXH64 of "identity_i". In the order of members, each gets the tokens
/// that are missing up to the sum of the shares so far, so that the total is close to the wanted size.
/// </summary>
internal sealed class RingHashLayout(int minimumRingSize, int maximumRingSize)
    : RingLayout("RingHash/1", (ulong)minimumRingSize, (ulong)maximumRingSize)
{
    // The same operations on doubles as Envoy and gRPC, each step rounded on its own.
    internal override long[] CountTokens(ReadOnlySpan<int> weights)
    {
        var (counts, sum, least) = (new long[weights.Length], 0L, int.MaxValue);
        foreach (var weight in weights)
        {
            (sum, least) = (sum + weight, Math.Min(least, weight));
        }

        var leastShare = (double)least / sum;
        var scale = Math.Min(Math.Ceiling(leastShare * minimumRingSize) / leastShare, maximumRingSize);
        var (placed, target) = (0.0, 0.0);
        for (var i = 0; i < counts.Length; i++)
        {
            var share = (double)weights[i] / sum;
            target += (double)(scale * share);
            var next = Math.Max(placed, Math.Ceiling(target));
            (counts[i], placed) = ((long)(next - placed), next);
        }

        return counts;
    }

    internal override void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens)
    {
        var name = new NumberedName(hashKey, (byte)'_');
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = XxHash64.Hash(name.With(first + i));
        }
    }
}
