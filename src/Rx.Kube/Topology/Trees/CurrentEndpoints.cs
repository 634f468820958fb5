namespace Rx.Kube;

/// <summary>
/// The endpoints of the newest snapshot of a stream, and an object that changes when a member joins or leaves. One thread at a time.
/// </summary>
internal sealed class CurrentEndpoints
{
    /// <summary>Gets the endpoints.</summary>
    public EndpointTree Tree { get; private set; } = EndpointTree.Empty;

    /// <summary>Gets the same object for all snapshots since a member last joined or left.</summary>
    public object MembersSince { get; private set; } = new();

    /// <summary>Removes endpoints and adds others.</summary>
    /// <param name="gone">The endpoints to remove; all must be present. May be sorted by this call.</param>
    /// <param name="added">
    /// The endpoints to add; none may be present, except at the place of one that is removed. May be sorted by this call.
    /// </param>
    public void Apply(List<TopologyEndpoint> gone, List<TopologyEndpoint> added)
    {
        if (gone.Count + added.Count == 0)
        {
            return;
        }

        Tree = Tree.Apply(gone, added);
        if (!HaveSameMembers(gone, added))
        {
            MembersSince = new object();
        }
    }

    private static bool HaveSameMembers(List<TopologyEndpoint> x, List<TopologyEndpoint> y)
    {
        for (var i = 0; i < x.Count && i < y.Count; i++)
        {
            if (!EndpointOrder.SameMember(x[i], y[i]))
            {
                return false;
            }
        }

        return x.Count == y.Count;
    }
}
