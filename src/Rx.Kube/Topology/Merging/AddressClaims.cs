using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The claims to each address, over all slices of a Service. Each address, port and protocol goes to one claim. The endpoints of an address
/// depend only on the claims to it, never on the order of the claims, so the cost of a change is proportional to the number of affected
/// claims.
/// </summary>
internal sealed class AddressClaims
{
    // A dictionary never shrinks, so a large one is replaced after a list.
    private const int MostTouchedKept = 8;

    // Nearly every address has one claim, which is its endpoint: then the value is that claim. Otherwise it is a Contest.
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
                claims = new Contest { Claims = { only, claim } };
                break;
            default:
                ((Contest)claims).Claims.Add(claim);
                break;
        }
    }

    /// <summary>Removes a claim that was added.</summary>
    public void Remove(TopologyEndpoint claim)
    {
        var claims = _byAddress[claim.Address];
        Touch(claim.Address, claims);
        if (claims is Contest contest)
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
            if (_byAddress.GetValueOrDefault(address) is Contest contest)
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
            case Contest { Claims: [] }:
                _byAddress.Remove(address);
                return [];
            case Contest { Claims: [var last] }:
                _byAddress[address] = last;
                return [last];
            case var contest:
                return Award(((Contest)contest).Claims);
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
                _ => ((Contest)claims).Given,
            };
        }
    }

    private static ImmutableArray<TopologyEndpoint> Award(List<TopologyEndpoint> claims)
    {
        // A member has one endpoint per set of conditions, so that a port that is not ready does not become ready through one that is.
        var winners = new Dictionary<(string Member, bool Ready, bool Serving, bool Terminating), Winner>();
        var taken = new HashSet<(int?, string)>();
        foreach (var claim in Named(claims.Order(ClaimOrder.BestFirst)))
        {
            var won = claim.Ports.Where(p => taken.Add((p.Port, p.Protocol))).ToList();
            if (won.Count == 0 && !(claim.Ports.IsEmpty && taken.Add((null, ""))))
            {
                continue;
            }

            var key = (claim.Member, claim.Ready, claim.Serving, claim.Terminating);
            if (!winners.TryGetValue(key, out var winner))
            {
                winners.Add(key, winner = new Winner(claim));
            }

            winner.Ports.AddRange(won);
        }

        return [.. winners.Values.Select(w => w.ToEndpoint())];
    }

    // A claim that has only the address, such as one mirrored from Endpoints without pods, is about the pod at this address, if there is
    // one: it is no member of its own, and without ports it adds nothing.
    private static IEnumerable<TopologyEndpoint> Named(IEnumerable<TopologyEndpoint> bestFirst)
    {
        TopologyEndpoint? best = null;
        foreach (var claim in bestFirst)
        {
            best ??= claim;
            if (best.Pod is null || claim.Pod is not null || claim.Hostname is not null)
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

    /// <summary>Several claims to one address, and the endpoints they gave last.</summary>
    private sealed class Contest
    {
        public List<TopologyEndpoint> Claims { get; } = [];

        public ImmutableArray<TopologyEndpoint> Given { get; set; } = [];

        // The claim may have been replaced by an equal one that had the address before.
        public void Remove(TopologyEndpoint claim)
        {
            var index = Claims.FindIndex(c => ReferenceEquals(c, claim));
            Claims.RemoveAt(index >= 0 ? index : Claims.FindIndex(c => c.Equals(claim) && c.Slice == claim.Slice));
        }
    }

    private sealed class Winner(TopologyEndpoint best)
    {
        public List<EndpointPort> Ports { get; } = [];

        public TopologyEndpoint ToEndpoint()
        {
            Ports.Sort(EndpointOrder.ByPort);
            return best.Ports.AsSpan().SequenceEqual([.. Ports]) ? best : best with { Ports = [.. Ports] };
        }
    }
}
