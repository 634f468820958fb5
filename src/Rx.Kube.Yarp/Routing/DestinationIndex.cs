using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Model;

namespace Rx.Kube;

/// <summary>A list of destinations by their members. YARP makes a new list with each change, so each list is read once.</summary>
internal sealed class DestinationIndex
{
    private static readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, DestinationIndex> _indexes = [];

    private readonly Dictionary<string, (DestinationState Destination, bool IsDraining)> _byMember = new(StringComparer.Ordinal);
    private (ServiceTopology? Snapshot, DestinationState[] Destinations)? _near;

    private DestinationIndex(IReadOnlyList<DestinationState> destinations)
    {
        // One order in all processes: the states of a cluster have none.
        var ordered = destinations.OrderBy(destination => destination.DestinationId, StringComparer.OrdinalIgnoreCase).ToArray();
        Topology = ordered.Select(d => DestinationMetadata.Get(d, DestinationMetadata.Topology)).FirstOrDefault(name => name is not null);
        foreach (var destination in ordered)
        {
            if (Topology is not null && DestinationMetadata.Get(destination, DestinationMetadata.Topology) == Topology)
            {
                _byMember.TryAdd(
                    DestinationMetadata.Get(destination, DestinationMetadata.Member)!,
                    (destination, DestinationMetadata.IsDraining(destination.Model.Config)));
            }
        }

        Staying = Array.FindAll(ordered, destination => !DestinationMetadata.IsDraining(destination.Model.Config));
        All = ordered;
    }

    /// <summary>Gets the destinations, by id.</summary>
    public DestinationState[] All { get; }

    /// <summary>Gets the destinations that are not draining, by id.</summary>
    public DestinationState[] Staying { get; }

    /// <summary>Gets the name of the topology, the first if there are several; null if no destination is a member of a Service.</summary>
    public string? Topology { get; }

    public static DestinationIndex Of(IReadOnlyList<DestinationState> destinations) =>
        _indexes.GetValue(destinations, static list => new(list));

    public DestinationState? Find(string member, out bool isDraining)
    {
        var isFound = _byMember.TryGetValue(member, out var found);
        isDraining = found.IsDraining;
        return isFound ? found.Destination : null;
    }

    public bool Has(string member) => _byMember.ContainsKey(member);

    /// <summary>Gets the destinations that requests without a key should use, which are not draining.</summary>
    public DestinationState[] Near(ServiceTopology? snapshot, KubePodOptions pod)
    {
        if (_near is { } known && ReferenceEquals(known.Snapshot, snapshot))
        {
            return known.Destinations;
        }

        var near = snapshot is null ? [] : TrafficOrder.Of(snapshot, pod.Node, pod.Zone).Near
            .Select(endpoint => endpoint.Member).Distinct()
            .Select(member => Find(member, out var isDraining) is { } found && !isDraining ? found : null)
            .OfType<DestinationState>().ToArray();
        _near = (snapshot, near);
        return near;
    }
}
