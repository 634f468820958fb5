namespace Rx.Kube;

/// <summary>
/// What an endpoint has besides its numbers. Endpoints of one Service share it, unless they have parts of their own: a second address, a
/// name as address, a uid that is no GUID, a hostname that is not the name of the pod.
/// </summary>
internal sealed record EndpointShape
{
    /// <summary>Gets the shape of an endpoint without anything.</summary>
    public static EndpointShape None { get; } = new();

    /// <summary>Gets the kind of the target; empty without one.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Gets the namespace of the target.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Gets what the name of the target begins with.</summary>
    public string NamePrefix { get; init; } = "";

    /// <summary>Gets the uid of the target, if it is not packed.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Gets the hostname, if it is not the name of the target.</summary>
    public string? Hostname { get; init; }

    /// <summary>Gets the addresses, if they are not packed.</summary>
    public EquatableArray<string> Addresses { get; init; }

    /// <summary>Gets the zones of the hints.</summary>
    public EquatableArray<string> ForZones { get; init; }

    /// <summary>Gets the nodes of the hints.</summary>
    public EquatableArray<string> ForNodes { get; init; }

    /// <summary>Gets the first 64 bits of a packed IPv6 address; 0 for other addresses.</summary>
    public ulong Network { get; init; }

    /// <summary>Gets the 32 bits after <see cref="Network"/>.</summary>
    public uint Subnet { get; init; }

    /// <summary>Gets whether other endpoints are likely to have an equal shape.</summary>
    public bool IsCommon => Uid.Length == 0 && Hostname is null && Addresses.IsEmpty;
}

/// <summary>Where an endpoint is. The endpoints of a node share it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Zone">The zone.</param>
internal sealed record EndpointPlace(string? Node, string? Zone)
{
    /// <summary>Gets the place that is not known.</summary>
    public static EndpointPlace None { get; } = new(null, null);
}

/// <summary>
/// Shares the shapes and places of endpoints. It has a fixed number of slots, each with the last value stored there, as
/// <see cref="StringPool"/> has: at worst a value is not shared. Thread-safe.
/// </summary>
internal sealed class EndpointPool
{
    private const int Shapes = 4096;

    // Kubernetes supports 5,000 nodes.
    private const int Places = 16_384;
    private readonly EndpointShape?[] _shapes = new EndpointShape?[Shapes];
    private readonly EndpointPlace?[] _places = new EndpointPlace?[Places];
    private EndpointShape? _last; // a usual one

    /// <summary>Gets a shape equal to this one.</summary>
    public EndpointShape Share(EndpointShape shape)
    {
        if (!shape.IsCommon)
        {
            return shape;
        }

        ref var slot = ref SlotOf(
            shape.NamePrefix, shape.Namespace, shape.Network, shape.Subnet, shape.ForZones, shape.ForNodes);
        return shape.Equals(slot) ? slot : slot = shape;
    }

    /// <summary>Gets the shape of an endpoint with an IPv4 address that is a number, and a uid that is one or empty.</summary>
    public EndpointShape Usual(
        string kind, string @namespace, string namePrefix, EquatableArray<string> forZones, EquatableArray<string> forNodes)
    {
        // Most endpoints have the shape of the one before.
        if (_last is { } last && IsUsual(last))
        {
            return last;
        }

        ref var slot = ref SlotOf(namePrefix, @namespace, 0, 0, forZones, forNodes);
        return _last = slot is { } known && IsUsual(known) ? known : slot = new()
        {
            Kind = kind,
            Namespace = @namespace,
            NamePrefix = namePrefix,
            ForZones = forZones,
            ForNodes = forNodes,
        };

        bool IsUsual(EndpointShape shape) => shape.NamePrefix == namePrefix && shape.Kind == kind && shape.Namespace == @namespace &&
            shape.ForZones == forZones && shape.ForNodes == forNodes && shape is { Network: 0, Subnet: 0 };
    }

    /// <summary>Gets the place of a node and a zone.</summary>
    public EndpointPlace Place(string? node, string? zone)
    {
        if (node is null && zone is null)
        {
            return EndpointPlace.None;
        }

        ref var slot = ref _places[HashCode.Combine(node, zone) & (Places - 1)];
        return slot is { } known && known.Node == node && known.Zone == zone ? known : slot = new(node, zone);
    }

    // The runtime's string hashes are keyed per process.
    private ref EndpointShape? SlotOf(
        string namePrefix, string @namespace, ulong network, uint subnet, EquatableArray<string> forZones,
        EquatableArray<string> forNodes) =>
        ref _shapes[HashCode.Combine(namePrefix, @namespace, network, subnet, forZones, forNodes) & (Shapes - 1)];
}
