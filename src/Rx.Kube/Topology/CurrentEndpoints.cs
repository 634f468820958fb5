namespace Rx.Kube;

/// <summary>The endpoints of the newest snapshot of a stream, and since when nobody joined or left.</summary>
internal sealed class CurrentEndpoints
{
    /// <summary>The endpoints.</summary>
    public EndpointTree Tree { get; private set; } = EndpointTree.Empty;

    /// <summary>The same object for all snapshots since somebody joined or left.</summary>
    public object MembersSince { get; private set; } = new();

    /// <summary>Takes endpoints away and puts others in.</summary>
    /// <param name="gone">All of them are here. Sorted by this call.</param>
    /// <param name="added">None of them is here, but for those that are gone. Sorted by this call.</param>
    public void Apply(List<TopologyEndpoint> gone, List<TopologyEndpoint> added)
    {
        if (gone.Count + added.Count == 0)
        {
            return;
        }

        Tree = Tree.Apply(gone, added);
        if (!gone.Select(e => e.Member).SequenceEqual(added.Select(e => e.Member)))
        {
            MembersSince = new object();
        }
    }
}
