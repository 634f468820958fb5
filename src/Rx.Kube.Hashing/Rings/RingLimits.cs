namespace Rx.Kube;

/// <summary>The limits on the size of rings. Larger rings are rejected with an <see cref="ArgumentException"/>.</summary>
public static class RingLimits
{
    /// <summary>The largest weight of a member. The smallest is 1.</summary>
    public const int MaxWeight = 1000;

    /// <summary>The largest number of members of a ring.</summary>
    public const int MaxMembers = 65_535;

    /// <summary>The largest number of tokens of a <see cref="HashRing{TMember}"/>, all members together: 67,108,864.</summary>
    public const int MaxTokens = 1 << 26;
}
