namespace Rx.Kube;

/// <summary>
/// The options for building rings from snapshots. Processes that must agree need the same options, and the same identities: the function
/// <c>memberOf</c> of <c>ToTopology</c> chooses these.
/// </summary>
public sealed record HashRingOptions
{
    /// <summary>Gets the default options: the native layout, equal weights, and zones where they are known.</summary>
    public static HashRingOptions Default { get; } = new();

    /// <summary>Gets the layout of the tokens. The default is <see cref="RingLayout.Default"/>.</summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    public RingLayout Layout { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = RingLayout.Default;

    /// <summary>
    /// Gets the function that gives a member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>. The default is null:
    /// 1 for each member.
    /// </summary>
    /// <remarks>
    /// It is called with a member's first endpoint, in the order of <see cref="ServiceTopology.Endpoints"/>, when the member is new or one
    /// of its endpoints has changed. It must be pure, and should depend only on stable properties: if a weight depends on readiness or
    /// load, keys move when these change.
    /// </remarks>
    public Func<TopologyEndpoint, int>? Weight { get; init; }

    /// <summary>Gets whether replicas are spread over zones. The default is true.</summary>
    /// <remarks>
    /// A member's zone is the zone of its first endpoint that has one. If no member has a zone, the ring has no zones; if only some have,
    /// the members without a zone count as one more zone.
    /// </remarks>
    public bool SpreadOverZones { get; init; } = true;
}
