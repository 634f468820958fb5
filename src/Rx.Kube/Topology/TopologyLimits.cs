namespace Rx.Kube;

/// <summary>
/// Limits on what a topology takes from the objects that the server sends, so that hostile objects cost little. What is over a limit is
/// left out without an error. <c>docs/reliability.md</c> lists these limits and those that are fixed.
/// </summary>
/// <remarks>
/// <see cref="MaxPortSets"/> and <see cref="MaxPortsApart"/> apply to addresses that several slices of a Service claim with different
/// ports. An event about such an address looks at up to as many ports as their product, by default 1,600, and compares endpoints as often
/// as the square of <see cref="MaxPortSets"/>.
/// </remarks>
public sealed record TopologyLimits
{
    /// <summary>Gets the default limits.</summary>
    public static TopologyLimits Default { get; } = new();

    /// <summary>
    /// Gets how many different sets of ports count at one address of a Service. From 1 to 1,000. The default is 16: a Service has one set,
    /// or a few while its ports change. Beyond it, the best ones count, in the order of precedence of <c>ToTopology</c>; the others give no
    /// endpoint until a better one is gone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPortSets
    {
        get;
        init => field = (int)NumberRange.Within(value, 1_000);
    } = 16;

    /// <summary>
    /// Gets how many ports of a slice are shared out one by one, at an address that slices claim with different ports. From 0 to 20,000,
    /// the most ports that Kubernetes allows in a slice. The default is 100. A slice with more ports wins all of them if it is the best one
    /// with ports, and then no other wins a port; otherwise it wins none. With 0, the best slice with ports wins all of its ports.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxPortsApart
    {
        get;
        init => field = (int)NumberRange.Within(value, 20_000, least: 0);
    } = 100;

    /// <summary>
    /// Gets how many members <c>HoldDepartures</c> holds at a time. From 0, which holds none, to 10,000,000. The
    /// default is 200,000, more than the endpoints of the largest supported cluster (150,000). Beyond it, the member that left first is
    /// removed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxHeldMembers
    {
        get;
        init => field = (int)NumberRange.Within(value, 10_000_000, least: 0);
    } = 200_000;
}
