using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// Several claims to one address, and the endpoints they gave last. Of the claims with the same ports only the best one can win a port, so
/// that only the best one of each set of ports is looked at. Adding or removing a claim is O(log n): before, 20,000 claims were all
/// compared for each event. <c>ContestedAddressTests</c> compare with a look at all claims.
/// </summary>
/// <param name="place">A claim to the address.</param>
internal sealed class AddressContest(TopologyEndpoint place)
{
    private readonly Dictionary<(PortSet Ports, bool IsNameless), Rivals> _rivals = [];
    private readonly SortedSet<Rivals> _bestFirst = new(Comparer<Rivals>.Create(Compare));
    private int _created;

    /// <summary>Gets a claim to the address, which may have been withdrawn: it only tells the address.</summary>
    public TopologyEndpoint Place => place;

    /// <summary>Gets or sets whether the current event is about it.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Gets the number of claims.</summary>
    public int Count { get; private set; }

    /// <summary>Gets or sets the endpoints that the claims gave last.</summary>
    public ImmutableArray<TopologyEndpoint> Given { get; set; } = [];

    /// <summary>Gets whether a claim has only the address, and no member of its own.</summary>
    public static bool IsNameless(TopologyEndpoint claim) => claim.Pod is null && claim.Hostname is null;

    /// <summary>
    /// Gets the best claim of each set of ports, the best one first; those that have only the address apart from the others.
    /// </summary>
    /// <param name="most">How many, at most.</param>
    public IEnumerable<TopologyEndpoint> BestFirst(int most) => _bestFirst.Take(most).Select(r => r.Best);

    /// <summary>Adds a claim.</summary>
    public void Add(TopologyEndpoint claim)
    {
        Count++;
        if (!_rivals.TryGetValue(KeyOf(claim), out var rivals))
        {
            _rivals.Add(KeyOf(claim), rivals = new Rivals(_created++, claim));
            _bestFirst.Add(rivals);
            return;
        }

        var isBest = ClaimOrder.BestFirst.Compare(claim, rivals.Best) < 0;
        if (isBest)
        {
            _bestFirst.Remove(rivals);
        }

        rivals.Add(claim);
        if (isBest)
        {
            _bestFirst.Add(rivals);
        }
    }

    /// <summary>Removes a claim that was added, or one that is equal to it.</summary>
    public void Remove(TopologyEndpoint claim)
    {
        Count--;
        var rivals = _rivals[KeyOf(claim)];
        var isBest = ClaimOrder.BestFirst.Compare(claim, rivals.Best) == 0;
        if (isBest)
        {
            _bestFirst.Remove(rivals);
        }

        if (!rivals.Remove(claim))
        {
            _rivals.Remove(KeyOf(claim));
        }
        else if (isBest)
        {
            _bestFirst.Add(rivals);
        }
    }

    private static (PortSet, bool) KeyOf(TopologyEndpoint claim) => (new(claim.Ports), IsNameless(claim));

    private static int Compare(Rivals? x, Rivals? y)
    {
        var order = ClaimOrder.BestFirst.Compare(x!.Best, y!.Best);
        return order != 0 ? order : x.Id.CompareTo(y.Id);
    }

    /// <summary>Claims with the same ports, in order. Equal ones are counted. Never empty.</summary>
    private sealed class Rivals
    {
        private readonly SortedDictionary<TopologyEndpoint, int> _claims = new(ClaimOrder.BestFirst);

        public Rivals(int id, TopologyEndpoint claim)
        {
            (Id, Best) = (id, claim);
            _claims.Add(claim, 1);
        }

        public int Id { get; }

        public TopologyEndpoint Best { get; private set; }

        public void Add(TopologyEndpoint claim)
        {
            _claims[claim] = _claims.GetValueOrDefault(claim) + 1;
            Best = _claims.Keys.First();
        }

        /// <summary>Removes a claim.</summary>
        /// <returns>Whether any is left.</returns>
        public bool Remove(TopologyEndpoint claim)
        {
            if (--_claims[claim] == 0)
            {
                _claims.Remove(claim);
            }

            Best = _claims.Keys.FirstOrDefault() ?? Best;
            return _claims.Count > 0;
        }
    }
}
