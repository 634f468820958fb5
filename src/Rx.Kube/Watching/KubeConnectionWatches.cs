using Rx.Kube.Connection;
using Rx.Kube.Resources;

namespace Rx.Kube.Watching;

/// <summary>What can be watched over a connection. Nothing is sent before somebody subscribes.</summary>
public static class KubeConnectionWatches
{
    /// <summary>The objects of any kind.</summary>
    /// <typeparam name="T">What an object is decoded to.</typeparam>
    /// <param name="connection">The connection.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="selection">Which objects; null for all of the cluster.</param>
    /// <returns>What can be listed and watched; <see cref="ResumeOperator.Resume"/> keeps it going.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> or <paramref name="kind"/> is null.</exception>
    /// <exception cref="ArgumentException">A namespace is given for a cluster-scoped kind.</exception>
    public static IWatchable<T> Resources<T>(this KubeConnection connection, ResourceKind<T> kind, ResourceSelection? selection = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(kind);
        return new KubeWatchable<T>(connection, kind, selection ?? new ResourceSelection());
    }
}
