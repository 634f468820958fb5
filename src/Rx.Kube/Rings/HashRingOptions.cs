namespace Rx.Kube;

/// <summary>How a ring is made of snapshots. All processes that are to agree must have the same.</summary>
public sealed record HashRingOptions
{
    /// <summary>The defaults: our own layout, equal weights, zones where they are known.</summary>
    public static HashRingOptions Default { get; } = new();

    /// <summary>Where tokens stand; <see cref="RingLayout.Default"/> unless set. Not null.</summary>
    public RingLayout Layout { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = RingLayout.Default;

    /// <summary>
    /// A member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>; null for 1 each. It is asked about a member's first endpoint,
    /// in the order of <see cref="ServiceTopology.Endpoints"/>, when the member is new or an endpoint of it has changed. It must be pure, and should look at what stays:
    /// with a weight that follows readiness or load, keys move when those do.
    /// </summary>
    public Func<TopologyEndpoint, int>? Weight { get; init; }

    /// <summary>
    /// Whether replicas are spread over zones; true unless set. A member's zone is that of its first endpoint that has one. If nobody has one there are no zones;
    /// if only some have, those without are one zone more.
    /// </summary>
    public bool SpreadOverZones { get; init; } = true;
}
