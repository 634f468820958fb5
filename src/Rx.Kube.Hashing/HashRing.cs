namespace Rx.Kube.Hashing;

/// <summary>Makes rings of virtual nodes.</summary>
public static class HashRing
{
    /// <summary>How many tokens a member has for each unit of its weight, unless told otherwise.</summary>
    public const int DefaultTokensPerWeight = 160;

    /// <summary>The largest weight of a member.</summary>
    public const int MaxWeight = 1000;

    /// <summary>The most tokens a ring can have.</summary>
    public const int MaxTokens = 1 << 26;

    /// <summary>A ring of names, each its own identity, of equal weights.</summary>
    /// <inheritdoc cref="Create{TMember}"/>
    public static HashRing<string> Create(IEnumerable<string> members, int tokensPerWeight = DefaultTokensPerWeight) =>
        Create(members, name => name, tokensPerWeight: tokensPerWeight);

    /// <summary>A ring of the members, in whatever order they come.</summary>
    /// <param name="members">Who owns keys. None is allowed.</param>
    /// <param name="hashKey">
    /// A member's identity, which places it: what stays when it restarts, such as the name of a pod of a StatefulSet; never an address.
    /// </param>
    /// <param name="weight">A member's share relative to others, from 1 to <see cref="MaxWeight"/>; 1 for each by default.</param>
    /// <param name="tokensPerWeight">
    /// Tokens per unit of weight, from 1 to 65,536. More spread keys more evenly (the deviation of a member's share is about one in √tokens)
    /// and take 20 to 24 bytes each.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two members have one identity; an identity is empty or not well-formed Unicode; a weight or the number of tokens is out of range.
    /// </exception>
    public static HashRing<TMember> Create<TMember>(
        IEnumerable<TMember> members,
        Func<TMember, string> hashKey,
        Func<TMember, int>? weight = null,
        int tokensPerWeight = DefaultTokensPerWeight)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(hashKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerWeight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokensPerWeight, 1 << 16);
        return HashRing<TMember>.Build(members, new RingRules<TMember>(hashKey, weight ?? (_ => 1), tokensPerWeight, XxHash64.Hash));
    }
}
