using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>An object of a store, with the metadata it had when it came.</summary>
internal readonly record struct StoredObject<T>(T Item, ObjectMeta Metadata)
{
    /// <summary>
    /// Gets whether an object has equal content and the same uid. The resourceVersion counts only if the type compares it.
    /// </summary>
    public bool SameAs(StoredObject<T> other) =>
        Metadata.Uid == other.Metadata.Uid && EqualityComparer<T>.Default.Equals(Item, other.Item);
}

/// <summary>What one event did to one object; null for no object.</summary>
internal readonly record struct StoreStep<T>(ResourceKey Key, StoredObject<T>? Previous, StoredObject<T>? Current);
