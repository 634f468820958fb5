using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>From snapshots to what changed.</summary>
public static partial class KubeObservable
{
    /// <summary>Gives what each snapshot changes: members added, removed and updated, with their endpoints before and after.</summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>The first snapshot</term><description>everybody in it, as added</description></item>
    /// <item><term>A snapshot that changes endpoints</term><description>one difference, from the snapshot before</description></item>
    /// <item><term>A snapshot that does not, such as a change of freshness</term><description>nothing; so does the first, if nobody is in it</description></item>
    /// <item><term>A snapshot after a new list</term><description>the same, marked <see cref="MemberChange.Inferred"/>: what happened in the gap was found, not seen</description></item>
    /// <item><term>A snapshot of another Service</term><description>OnError with an <see cref="ArgumentException"/></description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// Applied one after another to nothing, the differences give the latest snapshot's endpoints. So nothing may be left out between:
    /// what is to be calmed down or filtered is so before, in the snapshots. Costs what changed. One snapshot is kept.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<TopologyDiff> Changes(this IObservable<ServiceTopology> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Defer(() =>
        {
            ServiceTopology? previous = null;
            return source
                .Select(next =>
                {
                    var changes = next.DiffFrom(previous);
                    previous = next;
                    return changes;
                })
                .Where(changes => !changes.IsEmpty);
        });
    }
}
