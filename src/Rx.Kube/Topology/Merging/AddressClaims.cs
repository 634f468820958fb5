using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The claims to each address, over all slices of a Service. Each address, port and protocol goes to one claim. The endpoints of an address
/// depend only on the claims to it, never on the order of the claims. The cost of a change is proportional to the number of changed claims,
/// times the logarithm of the claims to their addresses.
/// </summary>
internal sealed class AddressClaims
{
    /// <summary>
    /// How many different sets of ports count at one address, the best ones. A Service has one, or a few while its ports change.
    /// </summary>
    internal const int MostPortSets = 16;

    /// <summary>
    /// How many ports of a claim are shared out one by one, at an address that is claimed with different ports. A claim with more ports
    /// wins all of them if it is the best one with ports, and then no other wins a port; otherwise it wins none.
    /// </summary>
    internal const int MostPortsApart = 100;

    // A dictionary never shrinks, so a large one is replaced after a list.
    private const int MostTouchedKept = 8;

    // Nearly every address has one claim, which is its endpoint: then the value is that claim. Otherwise it is an AddressContest.
    private readonly Dictionary<string, object> _byAddress = [];
    private Dictionary<string, ImmutableArray<TopologyEndpoint>> _touched = [];

    /// <summary>Adds a claim.</summary>
    public void Add(TopologyEndpoint claim)
    {
        ref var claims = ref CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, claim.Address, out _);
        Touch(claim.Address, claims);
        switch (claims)
        {
            case null:
                claims = claim;
                break;
            case TopologyEndpoint only:
                var contest = new AddressContest();
                contest.Add(only);
                contest.Add(claim);
                claims = contest;
                break;
            default:
                ((AddressContest)claims).Add(claim);
                break;
        }
    }

    /// <summary>Removes a claim that was added.</summary>
    public void Remove(TopologyEndpoint claim)
    {
        var claims = _byAddress[claim.Address];
        Touch(claim.Address, claims);
        if (claims is AddressContest contest)
        {
            contest.Remove(claim);
        }
        else
        {
            _byAddress.Remove(claim.Address);
        }
    }

    /// <summary>Computes the endpoints of the affected addresses, and how they differ from before.</summary>
    /// <returns>The endpoints that are gone and those that are new; an unchanged endpoint is in neither.</returns>
    public (List<TopologyEndpoint> Gone, List<TopologyEndpoint> New) Settle()
    {
        List<TopologyEndpoint> gone = [], added = [];
        foreach (var (address, before) in _touched)
        {
            var now = Keep(before, Settle(address));
            AddMissing(before, from: now, to: gone);
            AddMissing(now, from: before, to: added);
            if (_byAddress.GetValueOrDefault(address) is AddressContest contest)
            {
                contest.Given = now;
            }
            else if (!now.IsEmpty)
            {
                _byAddress[address] = now[0];
            }
        }

        if (_touched.Count > MostTouchedKept)
        {
            _touched = [];
        }

        _touched.Clear();
        return (gone, added);
    }

    private ImmutableArray<TopologyEndpoint> Settle(string address)
    {
        switch (_byAddress.GetValueOrDefault(address))
        {
            case null:
                return [];
            case TopologyEndpoint only:
                return [only];
            case AddressContest { Count: 0 }:
                _byAddress.Remove(address);
                return [];
            case AddressContest { Count: 1 } contest:
                var last = contest.BestFirst.First();
                _byAddress[address] = last;
                return [last];
            case var contest:
                return Award((AddressContest)contest);
        }
    }

    private void Touch(string address, object? claims)
    {
        ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(_touched, address, out var isTouched);
        if (!isTouched)
        {
            before = claims switch
            {
                null => [],
                TopologyEndpoint only => [only],
                _ => ((AddressContest)claims).Given,
            };
        }
    }

    private static ImmutableArray<TopologyEndpoint> Award(AddressContest claims)
    {
        // A member has one endpoint per set of conditions, so that a port that is not ready does not become ready through one that is.
        var winners = new Dictionary<(string Member, bool Ready, bool Serving, bool Terminating), Winner>();
        var taken = new HashSet<(int?, string)>();
        var (isAddressTaken, areAllTaken) = (false, false);
        foreach (var claim in Named(claims.BestFirst))
        {
            if (claim.Ports.IsEmpty)
            {
                if (!isAddressTaken)
                {
                    isAddressTaken = true;
                    WinnerOf(claim);
                }
            }
            else if (claim.Ports.Length > MostPortsApart)
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
                if (old.Equals(now[i]) && old.Slice == now[i].Slice)
                {
                    now = ReferenceEquals(old, now[i]) ? now : now.SetItem(i, old);
                    break;
                }
            }
        }

        return now;
    }

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
