namespace Rx.Kube;

/// <summary>The state of one subscription to a filter: what changed in the input is changed in the output. One thread at a time.</summary>
internal sealed class EndpointFilter(Func<TopologyEndpoint, bool> predicate)
{
    private readonly CurrentEndpoints _shown = new();
    private EndpointTree _input = EndpointTree.Empty;

    /// <summary>Takes a snapshot.</summary>
    /// <returns>The same with the endpoints the predicate lets pass.</returns>
    public ServiceTopology Apply(ServiceTopology next)
    {
        if (!ReferenceEquals(_input, next.Tree))
        {
            List<TopologyEndpoint> gone = [], added = [];
            foreach (var (old, @new) in _input.Differences(next.Tree, byContent: false))
            {
                // What it said of the old one is where that one is; asked again it might say something else.
                if (old is not null && _shown.Tree.At(old) is { } shown)
                {
                    gone.Add(shown);
                }

                if (@new is not null && predicate(@new))
                {
                    added.Add(@new);
                }
            }

            _shown.Apply(gone, added);
            _input = next.Tree;
        }

        return next.With(_shown);
    }
}
