namespace Rx.Kube;

/// <summary>The limits on the size of rings. Larger rings are rejected with an <see cref="ArgumentException"/>.</summary>
public static class RingLimits
{
    /// <summary>The largest weight of a member. The smallest is 1.</summary>
    public const int MaxWeight = 1000;

    /// <summary>
    /// The largest number of members of a ring: 1,048,575. A <see cref="Maglev{TMember}"/> has at most
    /// <see cref="Maglev.MaxMembers"/>. With
    /// the default number of tokens, <see cref="MaxTokens"/> limits a <see cref="HashRing{TMember}"/> to 419,430 members of weight 1.
    /// </summary>
    public const int MaxMembers = (1 << 20) - 1;

    /// <summary>The largest number of tokens of a <see cref="HashRing{TMember}"/>, all members together: 67,108,864.</summary>
    public const int MaxTokens = 1 << 26;
}
