using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Cli.Trees;

/// <summary>Represents objects of one kind: a store; or the reason why there is none.</summary>
/// <typeparam name="T">The type of the objects.</typeparam>
/// <param name="Store">The store; null before the first list, or if the permission is missing.</param>
/// <param name="Missing">The permission that is missing; null for none.</param>
internal sealed record TreeSide<T>(ResourceStore<T>? Store, MissingPermission? Missing)
    where T : class, IResource
{
    /// <summary>Gets the side of a source that has no objects of this kind, such as a recording.</summary>
    public static TreeSide<T> None { get; } = new(null, null) { IsNone = true };

    /// <summary>Gets whether the source has no objects of this kind.</summary>
    public bool IsNone { get; private init; }

    /// <summary>Gets whether the objects cannot be known.</summary>
    public bool IsUnknowable => IsNone || Missing is not null;

    /// <summary>Gets whether all is known that can be known.</summary>
    public bool IsKnown => IsUnknowable || Store is { Freshness.IsSynced: true };

    /// <summary>Gets the store if its list is complete.</summary>
    public ResourceStore<T>? Synced => Store is { Freshness.IsSynced: true } ? Store : null;

    /// <summary>Finds an object; null if it is not there, or unknown.</summary>
    public T? Find(string @namespace, string? name) =>
        name is not null && Synced is { } store && store.TryGetValue(new ResourceKey(@namespace, name), out var found) ? found : null;

    /// <summary>Watches the objects. A missing permission is a value; other errors are errors.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="selection">Which objects.</param>
    /// <param name="scheduler">The clock.</param>
    /// <returns>The sides, the first one at once.</returns>
    public static IObservable<TreeSide<T>> Watch(
        KubeConnection connection, ResourceKind<T> kind, ResourceSelection selection, IScheduler scheduler) =>
        connection.Resources(kind, selection).Resume(scheduler: scheduler).ToStore()
            .Select(store => new TreeSide<T>(store, null))
            .Catch((KubeForbiddenException e) => Observable.Return(new TreeSide<T>(null, e.Permission)))
            .StartWith(new TreeSide<T>(null, null));
}
