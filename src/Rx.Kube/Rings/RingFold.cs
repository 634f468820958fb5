using System.Diagnostics;
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

    // Ends before the view is emitted: it is not the parent of what a subscriber does.
    private const string ActivityName = "rxkube.ring.rebuild";

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
        using var activity = KubeTelemetry.Activities.StartActivity(ActivityName);
        _ring = RingAfter(gone, changed);
        Describe(activity, next, gone.Count + changed.Count);
        return new RingView(_ring, next.Version);
    }

    private HashRing<RingMember> RingAfter(List<RingMember> gone, List<RingMember> changed)
    {
        var hasZones = _members.Values.Any(member => member.Zone is not null);
        return _ring is null || _ring.Traits.HasZones != hasZones || gone.Count + changed.Count > Many
            ? HashRing.Create(
                _members.Values, member => member.Name, member => member.Weight, hasZones ? member => member.Zone : null, options.Layout)
            : changed.Aggregate(gone.Aggregate(_ring, (ring, member) => ring.Without(member)), (ring, member) => ring.With(member));
    }

    private void Describe(Activity? activity, ServiceTopology snapshot, int changes)
    {
        if (activity is not null)
        {
            activity.SetTag("k8s.namespace.name", snapshot.Namespace);
            activity.SetTag("k8s.service.name", snapshot.Service);
            activity.SetTag("rxkube.ring.members", _members.Count);
            activity.SetTag("rxkube.ring.changes", changes);
        }
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
