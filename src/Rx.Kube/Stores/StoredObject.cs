using Rx.Kube.Models;


namespace Rx.Kube;

/// <summary>An object of a store, with what its identity was when it came.</summary>
internal readonly record struct StoredObject<T>(T Item, ObjectMeta Metadata)
{
    /// <summary>Whether an object says the same and is the same incarnation; its resourceVersion left aside, unless the type counts it.</summary>
    public bool SameAs(StoredObject<T> other) =>
        Metadata.Uid == other.Metadata.Uid && EqualityComparer<T>.Default.Equals(Item, other.Item);
}

/// <summary>What one event did to one object; null is none.</summary>
internal readonly record struct StoreStep<T>(ResourceKey Key, StoredObject<T>? Previous, StoredObject<T>? Current);
