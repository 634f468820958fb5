namespace Rx.Kube;

/// <summary>What one event has changed at the addresses of a Service, until it settles.</summary>
internal sealed class ClaimChanges
{
    /// <summary>Gets the endpoints that are gone.</summary>
    public List<TopologyEndpoint> Gone { get; } = [];

    /// <summary>Gets the endpoints that are new.</summary>
    public List<TopologyEndpoint> Added { get; } = [];

    /// <summary>Gets the claims that were withdrawn, and were alone at their address.</summary>
    public List<TopologyEndpoint> Withdrawn { get; } = [];

    /// <summary>Gets the contests that claims joined or left.</summary>
    public List<AddressContest> Contests { get; } = [];

    /// <summary>Gets or sets how many objects have changed.</summary>
    public int Objects { get; set; }

    /// <summary>Gets whether the lists are small enough to be kept for the next event.</summary>
    public bool IsSmall => Gone.Capacity + Added.Capacity + Withdrawn.Capacity + Contests.Capacity <= 4096;

    /// <summary>Begins again.</summary>
    public void Clear()
    {
        Objects = 0;
        Gone.Clear();
        Added.Clear();
        Withdrawn.Clear();
        Contests.Clear();
    }
}

/// <summary>
/// Lends <see cref="ClaimChanges"/> to the Services that the current event is about, so that an event allocates none. One for each fold.
/// </summary>
internal sealed class ClaimChangesPool
{
    private const int MostKept = 4;
    private readonly Stack<ClaimChanges> _free = new(MostKept);

    /// <summary>Gets changes that are empty.</summary>
    public ClaimChanges Rent() => _free.TryPop(out var changes) ? changes : new ClaimChanges();

    /// <summary>Takes changes back.</summary>
    public void Return(ClaimChanges changes)
    {
        if (_free.Count < MostKept && changes.IsSmall)
        {
            changes.Clear();
            _free.Push(changes);
        }
    }
}
