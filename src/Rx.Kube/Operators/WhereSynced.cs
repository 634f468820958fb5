using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Snapshots of what is known.</summary>
public static partial class KubeObservable
{
    /// <summary>Passes only snapshots of a complete list: "not known yet" is not "nobody is there".</summary>
    /// <param name="source">The snapshots.</param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>A snapshot that is syncing</term><description>nothing</description></item>
    /// <item><term>A snapshot that is live or stale</term><description>it</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<ServiceTopology> WhereSynced(this IObservable<ServiceTopology> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Where(t => t.Freshness.IsSynced);
    }
}
