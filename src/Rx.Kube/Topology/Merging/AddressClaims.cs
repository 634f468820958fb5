using System.Collections.Immutable;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The claims to each address, over all slices of a Service. Each address, port and protocol goes to one claim. The endpoints of an address
/// depend only on the claims to it, never on the order of the claims. The cost of a change is proportional to the number of changed claims,
/// times the logarithm of the claims to their addresses.
/// </summary>
/// <param name="pool">Lends the lists of what an event changes.</param>
/// <param name="limits">What counts at an address that is claimed with different ports.</param>
internal sealed class AddressClaims(ClaimChangesPool pool, TopologyLimits limits)
{
    // After more new endpoints at once, such as a list, memory is given back.
    private const int MostSettled = 1000;

    // Nearly every address has one claim, which is its endpoint.
    private readonly AddressTable _table = new();
    private ClaimChanges? _changes;

    /// <summary>Prepares for more claims before the next <see cref="Settle(CurrentEndpoints)"/>.</summary>
    public void Expect(int claims) => _table.Expected += claims;

    /// <summary>Begins with the changes of another object.</summary>
    public void Begin() => (_changes ??= pool.Rent()).Objects++;

    /// <summary>Adds a claim.</summary>
    public void Add(TopologyEndpoint claim)
    {
        var changes = _changes!;
        var hash = claim.AddressHash;
        var place = _table.Find(claim, hash);
        switch (place < 0 ? null : _table[place])
        {
            case null:
                _table.Add(claim, hash);
                changes.Added.Add(claim);
                break;
            case TopologyEndpoint only when _table.IsWithdrawn(place):
                Replace(place, only, claim, changes);
                break;
            case TopologyEndpoint only:
                var contest = new AddressContest(only) { Given = [only], IsTouched = true };
                contest.Add(only);
                contest.Add(claim);
                _table.Set(place, contest);
                changes.Contests.Add(contest);
                break;
            case var item:
                Touch((AddressContest)item, changes).Add(claim);
                break;
        }
    }

    /// <summary>Removes a claim that was added.</summary>
    public void Remove(TopologyEndpoint claim)
    {
        var changes = _changes!;
        var place = _table.Find(claim, claim.AddressHash);
        if (_table[place] is TopologyEndpoint only)
        {
            _table.Withdraw(place);
            changes.Withdrawn.Add(only);
        }
        else
        {
            Touch((AddressContest)_table[place], changes).Remove(claim);
        }
    }

    /// <summary>Computes the endpoints of the affected addresses, and how they differ from before.</summary>
    /// <param name="endpoints">
    /// Takes the endpoints that are gone and those that are new; an unchanged endpoint is in neither.
    /// </param>
    public void Settle(CurrentEndpoints endpoints)
    {
        if (_changes is not { } changes)
        {
            _table.Expected = 0;
            return;
        }

        foreach (var claim in changes.Withdrawn)
        {
            var place = _table.Find(claim, claim.AddressHash);
            if (place >= 0 && _table[place] is TopologyEndpoint only && _table.IsWithdrawn(place))
            {
                _table.RemoveAt(place);
                changes.Gone.Add(only);
            }
        }

        foreach (var contest in changes.Contests)
        {
            Settle(contest, changes);
        }

        Cancel(changes);
        _table.Expected = 0;
        if (changes.Added.Count > MostSettled)
        {
            _table.Trim();
        }

        endpoints.Apply(changes.Gone, changes.Added);
        pool.Return(changes);
        _changes = null;
    }

    private static AddressContest Touch(AddressContest contest, ClaimChanges changes)
    {
        if (!contest.IsTouched)
        {
            contest.IsTouched = true;
            changes.Contests.Add(contest);
        }

        return contest;
    }

    // An endpoint with the same content as before, from the same slice, stays the same object.
    private void Replace(int place, TopologyEndpoint old, TopologyEndpoint now, ClaimChanges changes)
    {
        if (IsSame(old, now))
        {
            _table.Set(place, old);
            return;
        }

        _table.Set(place, now);
        changes.Gone.Add(old);
        changes.Added.Add(now);
    }

    private void Settle(AddressContest contest, ClaimChanges changes)
    {
        contest.IsTouched = false;
        var before = contest.Given;
        var place = _table.Find(contest.Place, contest.Place.AddressHash);
        var now = Keep(before, contest.Count switch
        {
            0 => [],
            1 => [contest.BestFirst(1).Single()],
            _ => Award(contest),
        });
        switch (contest.Count)
        {
            case 0:
                _table.RemoveAt(place);
                break;
            case 1:
                _table.Set(place, now[0]);
                break;
            default:
                contest.Given = now;
                break;
        }

        AddMissing(before, from: now, to: changes.Gone);
        AddMissing(now, from: before, to: changes.Added);
    }

    // What came and went again within one event was never an endpoint, and what returned with the same content stays the same object.
    // Neither happens to the claims of one object, each alone at its address.
    private void Cancel(ClaimChanges changes)
    {
        var (gone, added) = (changes.Gone, changes.Added);
        if (gone.Count == 0 || added.Count == 0 || (changes.Objects == 1 && changes.Contests.Count == 0))
        {
            return;
        }

        var both = new HashSet<TopologyEndpoint>(gone, ReferenceEqualityComparer.Instance);
        both.IntersectWith(added);
        gone.RemoveAll(both.Contains);
        added.RemoveAll(both.Contains);

        // Now each list has a place of the order once.
        EndpointSort.Sort(gone);
        EndpointSort.Sort(added);
        both.Clear();
        for (int i = 0, j = 0; i < gone.Count && j < added.Count;)
        {
            var order = EndpointOrder.ByMember.Compare(gone[i], added[j]);
            if (order == 0 && IsReturn(gone[i], added[j]))
            {
                both.Add(gone[i]);
                both.Add(added[j]);
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        gone.RemoveAll(both.Contains);
        added.RemoveAll(both.Contains);
    }

    private bool IsReturn(TopologyEndpoint gone, TopologyEndpoint added)
    {
        var place = IsSame(gone, added) ? _table.Find(added, added.AddressHash) : -1;
        switch (place < 0 ? null : _table[place])
        {
            case TopologyEndpoint only when ReferenceEquals(only, added):
                _table.Set(place, gone);
                return true;
            case AddressContest contest when contest.Given.IndexOf(added, 0, ReferenceEqualityComparer.Instance) is >= 0 and var at:
                contest.Given = contest.Given.SetItem(at, gone);
                return true;
            default:
                return false;
        }
    }

    private ImmutableArray<TopologyEndpoint> Award(AddressContest claims)
    {
        // A member has one endpoint per set of conditions, so that a port that is not ready does not become ready through one that is.
        var winners = new Dictionary<(string Member, bool Ready, bool Serving, bool Terminating), Winner>();
        var taken = new HashSet<(int?, string)>();
        var (isAddressTaken, areAllTaken) = (false, false);
        foreach (var claim in Named(claims.BestFirst(limits.MaxPortSets)))
        {
            if (claim.Ports.IsEmpty)
            {
                if (!isAddressTaken)
                {
                    isAddressTaken = true;
                    WinnerOf(claim);
                }
            }
            else if (claim.Ports.Length > limits.MaxPortsApart)
            {
                if (!areAllTaken && taken.Count == 0)
                {
                    areAllTaken = true;
                    WinnerOf(claim).WinAll(claim.Ports);
                }
            }
            else if (!areAllTaken && claim.Ports.Where(p => taken.Add((p.Port, p.Protocol))).ToList() is { Count: > 0 } won)
            {
                WinnerOf(claim).Win(won);
            }
        }

        return [.. winners.Values.Select(w => w.ToEndpoint())];

        Winner WinnerOf(TopologyEndpoint claim)
        {
            var key = (claim.Member, claim.Ready, claim.Serving, claim.Terminating);
            return winners.TryGetValue(key, out var winner) ? winner : winners[key] = new Winner(claim);
        }
    }

    // A claim that has only the address, such as one mirrored from Endpoints without pods, is about the pod at this address, if there is
    // one: it is no member of its own, and without ports it adds nothing.
    private static IEnumerable<TopologyEndpoint> Named(IEnumerable<TopologyEndpoint> bestFirst)
    {
        TopologyEndpoint? best = null;
        foreach (var claim in bestFirst)
        {
            best ??= claim;
            if (best.Pod is null || !AddressContest.IsNameless(claim))
            {
                yield return claim;
            }
            else if (!claim.Ports.IsEmpty)
            {
                yield return claim with
                {
                    Member = best.Member,
                    Pod = best.Pod,
                    Uid = best.Uid,
                    Node = best.Node,
                    Zone = best.Zone,
                    Hostname = best.Hostname,
                };
            }
        }
    }

    // An endpoint with the same content as before, from the same slice, stays the same object.
    private static ImmutableArray<TopologyEndpoint> Keep(ImmutableArray<TopologyEndpoint> before, ImmutableArray<TopologyEndpoint> now)
    {
        for (var i = 0; i < now.Length; i++)
        {
            foreach (var old in before)
            {
                if (IsSame(old, now[i]))
                {
                    now = ReferenceEquals(old, now[i]) ? now : now.SetItem(i, old);
                    break;
                }
            }
        }

        return now;
    }

    private static bool IsSame(TopologyEndpoint x, TopologyEndpoint y) => x.Equals(y) && x.Slice == y.Slice;

    private static void AddMissing(
        ImmutableArray<TopologyEndpoint> endpoints, ImmutableArray<TopologyEndpoint> from, List<TopologyEndpoint> to)
    {
        foreach (var endpoint in endpoints)
        {
            if (!Contains(from, endpoint))
            {
                to.Add(endpoint);
            }
        }
    }

    private static bool Contains(ImmutableArray<TopologyEndpoint> endpoints, TopologyEndpoint endpoint)
    {
        foreach (var candidate in endpoints)
        {
            if (ReferenceEquals(candidate, endpoint))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Winner(TopologyEndpoint best)
    {
        private readonly List<EndpointPort> _ports = [];
        private EquatableArray<EndpointPort>? _all;

        public void Win(IEnumerable<EndpointPort> ports) => _ports.AddRange(ports);

        /// <summary>Wins all ports of a claim, as the array that they are in.</summary>
        public void WinAll(EquatableArray<EndpointPort> ports) => _all = ports;

        public TopologyEndpoint ToEndpoint()
        {
            _ports.Sort(EndpointOrder.ByPort);
            var ports = _all ?? [.. _ports];
            return new PortSet(best.Ports).Equals(new(ports)) ? best : best with { Ports = ports };
        }
    }
}
