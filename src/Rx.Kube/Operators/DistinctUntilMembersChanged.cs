using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Snapshots when somebody joins or leaves.</summary>
public static partial class KubeObservable
{
    /// <summary>Passes a snapshot only when its members are not those of the one before.</summary>
    /// <param name="source">The snapshots.</param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>The first snapshot</term><description>it</description></item>
    /// <item><term>The first complete list</term><description>it, even if nobody is in it: now that is known</description></item>
    /// <item><term>A snapshot that is syncing, after one that was not</term><description>(a source that begins anew) it</description></item>
    /// <item><term>A snapshot in which somebody has joined or left</term><description>it</description></item>
    /// <item><term>A change of health, address or place; a change between live and stale</term><description>nothing: the snapshot given last is not told</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// O(1) for a snapshot in which nobody joined or left, and otherwise what changed. This is <c>DistinctUntilChanged(t =&gt; t.Members)</c>, but that it tells
    /// "nobody" from "not known yet", and compares each snapshot with its neighbour, with which it shares most, not with one of long ago.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ServiceTopology> DistinctUntilMembersChanged(this IObservable<ServiceTopology> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Defer(() =>
        {
            (bool IsSynced, MemberSet Members)? previous = null;
            return source.Where(next =>
            {
                var now = (next.Freshness.IsSynced, next.Members);
                var isNew = previous is not { } before || !now.Equals(before);
                previous = now;
                return isNew;
            });
        });
    }
}
