namespace Rx.Kube;

/// <summary>
/// The state of one subscription to <c>HoldDepartures</c>: the members that are away, and since when. Used by one
/// thread at a time.
/// </summary>
/// <param name="grace">How long a member is held.</param>
/// <param name="most">How many members are held; beyond that, the one that left first is removed.</param>
internal sealed class Departures(TimeSpan grace, int most)
{
    private readonly CurrentEndpoints _shown = new();
    private readonly Dictionary<string, LinkedListNode<(string Member, TimeSpan Since)>> _away = [];

    // Ordered by departure; the grace is the same for all, so the first one expires first.
    private readonly LinkedList<(string Member, TimeSpan Since)> _order = [];
    private ServiceTopology? _latest;

    /// <summary>Takes a snapshot.</summary>
    /// <returns>The same snapshot with the members that are away.</returns>
    public ServiceTopology Apply(ServiceTopology next, TimeSpan now)
    {
        var before = _latest?.Tree ?? EndpointTree.Empty;
        _latest = next;
        if (!ReferenceEquals(before, next.Tree))
        {
            Follow(before, next.Tree, now);
        }

        Drop(now);
        return next.With(_shown);
    }

    /// <summary>Removes the members whose grace has expired, and those above the limit.</summary>
    /// <returns>The snapshot without them; null if there are none.</returns>
    public ServiceTopology? Expire(TimeSpan now) => Drop(now) ? _latest!.With(_shown, isItsChange: false) : null;

    /// <summary>Gets the time until the next member expires; null when none is away.</summary>
    public TimeSpan? NextIn(TimeSpan now) => _order.First is { } first ? grace - (now - first.Value.Since) : null;

    private void Follow(EndpointTree before, EndpointTree next, TimeSpan now)
    {
        List<TopologyEndpoint> gone = [], added = [];
        string? last = null;
        foreach (var (old, @new) in before.Differences(next, byContent: false))
        {
            // Differences are ordered by member, so those of one member are adjacent.
            var member = (old ?? @new)!.Member;
            if (member == last)
            {
                continue;
            }

            last = member;
            gone.AddRange(_shown.Tree.Of(member));
            var endpoints = next.Of(member);
            if (endpoints.IsEmpty)
            {
                _away.Add(member, _order.AddLast((member, now)));
                added.AddRange(before.Of(member).Select(Held));
            }
            else
            {
                Forget(member);
                added.AddRange(endpoints);
            }
        }

        _shown.Apply(gone, added);
    }

    private bool Drop(TimeSpan now)
    {
        List<TopologyEndpoint> gone = [];
        while (_order.First is { } first && (_away.Count > most || now - first.Value.Since >= grace))
        {
            gone.AddRange(_shown.Tree.Of(first.Value.Member));
            Forget(first.Value.Member);
        }

        _shown.Apply(gone, []);
        return gone.Count > 0;
    }

    private void Forget(string member)
    {
        if (_away.Remove(member, out var departure))
        {
            _order.Remove(departure);
        }
    }

    private static TopologyEndpoint Held(TopologyEndpoint last) =>
        last with { Ready = false, Serving = false, Terminating = true, IsHeld = true };
}
