namespace Rx.Kube;

/// <summary>How large a ring can be. What is larger is refused with an <see cref="ArgumentException"/>.</summary>
public static class RingLimits
{
    /// <summary>The largest weight of a member.</summary>
    public const int MaxWeight = 1000;

    /// <summary>The most members.</summary>
    public const int MaxMembers = 65_535;

    /// <summary>The most tokens of a <see cref="HashRing{TMember}"/>.</summary>
    public const int MaxTokens = 1 << 26;
}
