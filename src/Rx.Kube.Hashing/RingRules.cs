using System.Text;

namespace Rx.Kube.Hashing;

/// <summary>The hash of an identity under a seed.</summary>
internal delegate ulong TokenHash(ReadOnlySpan<byte> hashKey, ulong seed);

/// <summary>How a member of a <see cref="HashRing{TMember}"/> gets its tokens.</summary>
internal sealed record RingRules<TMember>(Func<TMember, string> HashKey, Func<TMember, int> Weight, int TokensPerWeight, TokenHash Hash)
{
    // Identities that differ only in half surrogate pairs would have the same bytes: such a name is refused.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public MemberSlot<TMember> Slot(TMember member)
    {
        var (hashKey, weight) = (HashKey(member), Weight(member));
        ArgumentException.ThrowIfNullOrEmpty(hashKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(weight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, HashRing.MaxWeight);
        return new(member, hashKey, Strict.GetBytes(hashKey), weight);
    }

    public int TokensOf(MemberSlot<TMember> slot) => slot.Weight * TokensPerWeight;

    public void CheckTotal(IEnumerable<MemberSlot<TMember>> slots)
    {
        if (slots.Sum(slot => (long)TokensOf(slot)) is > HashRing.MaxTokens and var total)
        {
            throw new ArgumentException($"The ring would have {total} tokens, of {HashRing.MaxTokens} that it can have.", nameof(slots));
        }
    }

    // The index is the seed and no part of the text, so that no two pairs of identity and index are one; seed 0 is that of keys.
    public void Place(MemberSlot<TMember> slot, int rank, Span<RingPoint> points)
    {
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new RingPoint(Hash(slot.Utf8, (ulong)i + 1), rank);
        }
    }
}
