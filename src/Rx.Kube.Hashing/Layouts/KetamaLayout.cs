using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Rx.Kube;

/// <summary>
/// Ketama: each of the four words of MD5 of "identity-k", the least significant byte first, is a point among 2^32. A member of average
/// weight has about 40 groups of four points.
/// </summary>
[SuppressMessage(
    "Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "It spreads keys, and the format says MD5.")]
internal sealed class KetamaLayout(KetamaVariant variant) : RingLayout($"Ketama-{variant}/1")
{
    private const int PointsPerGroup = 4;
    private const int GroupsPerMember = 40;

    /// <summary>Gets the token of a point, for keys that are <c>hash &lt;&lt; 32</c>: the last hash that the point owns.</summary>
    /// <remarks>
    /// Where a point does not own its own hash, zero becomes the greatest token, and owns the hashes after all other tokens, as it should.
    /// </remarks>
    public static ulong TokenOf(uint point, KetamaVariant variant)
    {
        var token = ((ulong)point << 32) | uint.MaxValue;
        return variant == KetamaVariant.Uhashring ? unchecked(token - (1UL << 32)) : token;
    }

    public override KeyHash HashOf(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(key, digest);
        return new KeyHash((ulong)BinaryPrimitives.ReadUInt32LittleEndian(digest) << 32);
    }

    internal override long[] CountTokens(ReadOnlySpan<int> weights)
    {
        var (counts, sum) = (new long[weights.Length], 0L);
        foreach (var weight in weights)
        {
            sum += weight;
        }

        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = GroupsOf(weights[i], sum, weights.Length) * PointsPerGroup;
        }

        return counts;
    }

    internal override void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens)
    {
        var name = new NumberedName(hashKey, (byte)'-');
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        for (var i = 0; i < tokens.Length; i++)
        {
            var (group, word) = Math.DivRem(first + i, PointsPerGroup);
            if (i == 0 || word == 0)
            {
                MD5.HashData(name.With(group), digest);
            }

            tokens[i] = TokenOf(BinaryPrimitives.ReadUInt32LittleEndian(digest[(word * sizeof(uint))..]), variant);
        }
    }

    // Each variant computes the floor of 40 · count · weight / sum in its own way. Where single precision rounds down, a member loses a
    // group.
    private long GroupsOf(int weight, long sum, int count)
    {
        var share = (float)weight / (float)sum;
        return variant switch
        {
            KetamaVariant.Libmemcached => (long)MathF.Floor((float)((float)(share * GroupsPerMember) * (float)count)),
            KetamaVariant.Libketama => (long)MathF.Floor((float)((double)share * GroupsPerMember * count)),
            _ => (long)GroupsPerMember * count * weight / sum,
        };
    }
}
