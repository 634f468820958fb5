using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// The state of one subscription to a filter of endpoints: applies the changes of the input to the output. Used by one thread at a time.
/// </summary>
internal sealed class EndpointFilter(Func<TopologyEndpoint, bool> predicate)
{
    private readonly CurrentEndpoints _shown = new();
    private EndpointTree _input = EndpointTree.Empty;

    public static IObservable<ServiceTopology> Create(IObservable<ServiceTopology> source, Func<TopologyEndpoint, bool> predicate) =>
        Observable.Defer(() => source.Select(new EndpointFilter(predicate).Apply));

    /// <summary>Takes a snapshot.</summary>
    /// <returns>The same snapshot with the endpoints that satisfy the predicate.</returns>
    private ServiceTopology Apply(ServiceTopology next)
    {
        if (!ReferenceEquals(_input, next.Tree))
        {
            List<TopologyEndpoint> gone = [], added = [];
            foreach (var (old, @new) in _input.Differences(next.Tree, byContent: false))
            {
                // Membership in _shown records the earlier answer; a predicate that is not pure might answer differently now.
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
