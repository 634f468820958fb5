using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// The state of one subscription to <see cref="KubeObservable.ToRingView"/>: applies snapshots and returns a view when the ring changes.
/// Not thread-safe.
/// </summary>
internal sealed class RingFold(HashRingOptions options)
{
    // More changes than this at once cost more than building the ring from its members.
    private const int Many = 64;

    private readonly Dictionary<string, RingMember> _members = new(StringComparer.Ordinal);
    private ServiceTopology? _previous;
    private HashRing<RingMember>? _ring;

    public static IObservable<RingView> Views(IObservable<ServiceTopology> source, HashRingOptions options) => Observable.Defer(() => source
        .Select(new RingFold(options).Apply)
        .Where(view => view is not null)
        .Select(view => view!));

    /// <summary>Applies a snapshot.</summary>
    /// <returns>The view of the snapshot; null if the snapshot is not complete or the ring does not change.</returns>
    private RingView? Apply(ServiceTopology next)
    {
        if (!next.Freshness.IsSynced || next.IsTruncated)
        {
            return null;
        }

        var changes = next.DiffFrom(_previous);
        _previous = next;
        var gone = changes.Removed.Select(change => _members[change.Member]).ToList();
        var changed = changes.Added.Concat(changes.Updated).Select(change => MemberOf(change.Current)).Where(HasChanged).ToList();
        if (_ring is not null && gone.Count + changed.Count == 0)
        {
            return null;
        }

        gone.ForEach(member => _members.Remove(member.Name));
        changed.ForEach(member => _members[member.Name] = member);
        return new RingView(_ring = RingAfter(gone, changed), next.Version);
    }

    private HashRing<RingMember> RingAfter(List<RingMember> gone, List<RingMember> changed)
    {
        var hasZones = _members.Values.Any(member => member.Zone is not null);
        return _ring is null || _ring.Traits.HasZones != hasZones || gone.Count + changed.Count > Many
            ? HashRing.Create(
                _members.Values, member => member.Name, member => member.Weight, hasZones ? member => member.Zone : null, options.Layout)
            : changed.Aggregate(gone.Aggregate(_ring, (ring, member) => ring.Without(member)), (ring, member) => ring.With(member));
    }

    private bool HasChanged(RingMember member) =>
        !_members.TryGetValue(member.Name, out var known) || (known.Weight, known.Zone) != (member.Weight, member.Zone);

    private RingMember MemberOf(EquatableArray<TopologyEndpoint> endpoints)
    {
        var (name, weight) = (endpoints[0].Member, options.Weight?.Invoke(endpoints[0]) ?? 1);
        return weight is >= 1 and <= RingLimits.MaxWeight
            ? new(name, weight, options.SpreadOverZones ? endpoints.FirstOrDefault(endpoint => endpoint.Zone is not null)?.Zone : null)
            : throw new ArgumentException(
                $"The weight of {name} is {weight}. "
                + $"To fix: {nameof(HashRingOptions)}.{nameof(options.Weight)} must return 1 to {RingLimits.MaxWeight}.");
    }
}
