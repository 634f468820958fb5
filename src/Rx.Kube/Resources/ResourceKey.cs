using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Which object of a kind: its namespace and name. Ordered by both, ordinally, so that every process has the same order.</summary>
/// <param name="Namespace">The namespace; empty for a cluster-scoped object.</param>
/// <param name="Name">The name.</param>
public readonly record struct ResourceKey(string Namespace, string Name) : IComparable<ResourceKey>
{
    /// <summary>The key of a cluster-scoped object.</summary>
    /// <param name="name">The name.</param>
    public ResourceKey(string name)
        : this("", name)
    {
    }

    /// <summary>The key of an object.</summary>
    /// <param name="metadata">The object's metadata.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metadata"/> is null.</exception>
    public static ResourceKey Of(ObjectMeta metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return new(metadata.Namespace, metadata.Name);
    }

    /// <inheritdoc/>
    public int CompareTo(ResourceKey other)
    {
        var order = string.CompareOrdinal(Namespace, other.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>The usual short form. From the network: escape before printing.</summary>
    /// <returns><c>namespace/name</c>, or the name alone.</returns>
    public override string ToString() => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";
}
