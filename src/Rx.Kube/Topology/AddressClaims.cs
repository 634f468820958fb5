using System.Collections.Immutable;
using Rx.Kube.Resources;

namespace Rx.Kube.Topology;

/// <summary>
/// Who claims which address, over all slices. Each address, port and protocol is given to one claim; what an address gives
/// depends on the claims to it alone, never on the order they were made in. So a change costs what it touches.
/// </summary>
internal sealed class AddressClaims
{
    private readonly Dictionary<string, Claims> _byAddress = [];
    private readonly Dictionary<string, ImmutableArray<ServiceEndpoint>> _touched = [];

    /// <summary>Makes a claim.</summary>
    public void Add(ServiceEndpoint claim)
    {
        var claims = Touch(claim.Address);
        if (claims.Only is null && claims.Several is null)
        {
            claims.Only = claim;
        }
        else
        {
            claims.Several ??= [claims.Only!];
            claims.Only = null;
            claims.Several.Add(claim);
        }
    }

    /// <summary>Takes a claim back; the same object that was added.</summary>
    public void Remove(ServiceEndpoint claim)
    {
        var claims = Touch(claim.Address);
        if (ReferenceEquals(claims.Only, claim))
        {
            claims.Only = null;
        }
        else
        {
            claims.Several!.RemoveAt(claims.Several.FindIndex(c => ReferenceEquals(c, claim)));
            if (claims.Several.Count == 0)
            {
                claims.Several = null;
            }
        }
    }

    /// <summary>Works out what the touched addresses give now, and says how that differs from before.</summary>
    /// <returns>The endpoints that are gone and those that are new; one that is the same is in neither.</returns>
    public (List<ServiceEndpoint> Gone, List<ServiceEndpoint> New) Settle()
    {
        List<ServiceEndpoint> gone = [], added = [];
        foreach (var (address, before) in _touched)
        {
            var claims = _byAddress[address];
            if (claims.Only is null && claims.Several is null)
            {
                _byAddress.Remove(address);
                gone.AddRange(before);
                continue;
            }

            claims.Given = claims.Several is null ? [claims.Only!] : Give(claims.Several);
            claims.Given = Keep(before, claims.Given);
            gone.AddRange(before.Where(b => !Contains(claims.Given, b)));
            added.AddRange(claims.Given.Where(g => !Contains(before, g)));
        }

        _touched.Clear();
        return (gone, added);
    }

    private Claims Touch(string address)
    {
        if (!_byAddress.TryGetValue(address, out var claims))
        {
            _byAddress.Add(address, claims = new Claims());
        }

        _touched.TryAdd(address, claims.Given);
        return claims;
    }

    private static ImmutableArray<ServiceEndpoint> Give(List<ServiceEndpoint> claims)
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
    private static ImmutableArray<ServiceEndpoint> Keep(ImmutableArray<ServiceEndpoint> before, ImmutableArray<ServiceEndpoint> now)
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

    private static bool Contains(ImmutableArray<ServiceEndpoint> endpoints, ServiceEndpoint endpoint)
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

    // Nearly every address is claimed once.
    private sealed class Claims
    {
        public ServiceEndpoint? Only;
        public List<ServiceEndpoint>? Several;
        public ImmutableArray<ServiceEndpoint> Given = [];
    }

    private sealed class Winner(ServiceEndpoint best)
    {
        public List<EndpointPort> Ports { get; } = [];

        public ServiceEndpoint ToEndpoint()
        {
            Ports.Sort(EndpointOrder.ByPort);
            return best.Ports.AsSpan().SequenceEqual([.. Ports]) ? best : best with { Ports = [.. Ports] };
        }
    }
}
