using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Who claims which address, over all slices. Each address, port and protocol is given to one claim; what an address gives
/// depends on the claims to it alone, never on the order they were made in. So a change costs what it touches.
/// </summary>
internal sealed class AddressClaims
{
    // A dictionary never shrinks: after a list it is thrown away.
    private const int MostTouchedKept = 8;

    // Nearly every address is claimed once: then the claim itself stands here, and is what the address gives. Else a Contest.
    private readonly Dictionary<string, object> _byAddress = [];
    private Dictionary<string, ImmutableArray<TopologyEndpoint>> _touched = [];

    /// <summary>Makes a claim.</summary>
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

    /// <summary>Takes a claim back that was added.</summary>
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

    /// <summary>Works out what the touched addresses give now, and says how that differs from before.</summary>
    /// <returns>The endpoints that are gone and those that are new; one that is the same is in neither.</returns>
    public (List<TopologyEndpoint> Gone, List<TopologyEndpoint> New) Settle()
    {
        List<TopologyEndpoint> gone = [], added = [];
        foreach (var (address, before) in _touched)
        {
            var now = Keep(before, Settle(address));
            gone.AddRange(before.Where(b => !Contains(now, b)));
            added.AddRange(now.Where(n => !Contains(before, n)));
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
                return Give(((Contest)contest).Claims);
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

    private static ImmutableArray<TopologyEndpoint> Give(List<TopologyEndpoint> claims)
    {
        // A port for which a member is not ready does not become ready by those for which it is.
        var winners = new Dictionary<(string Member, bool Ready, bool Serving, bool Terminating), Winner>();
        var taken = new HashSet<(int?, string)>();
        foreach (var claim in claims.Order(EndpointOrder.ByClaim))
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

    // One that says the same as before, of the same slice, stays the same object.
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

    /// <summary>Several claims to one address.</summary>
    private sealed class Contest
    {
        public List<TopologyEndpoint> Claims { get; } = [];

        public ImmutableArray<TopologyEndpoint> Given { get; set; } = [];

        // An equal one may stand for it, when the address was given to that one before.
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
