using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The namespace and name of an object, which identify it within its kind. Ordered by both, ordinally, so that every process has the same
/// order.
/// </summary>
/// <param name="Namespace">The namespace; empty for a cluster-scoped object.</param>
/// <param name="Name">The name.</param>
public readonly record struct ResourceKey(string Namespace, string Name) : IComparable<ResourceKey>
{
    /// <summary>Creates the key of a cluster-scoped object.</summary>
    /// <param name="name">The name.</param>
    public ResourceKey(string name)
        : this("", name)
    {
    }

    /// <summary>Gets the key of an object.</summary>
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

    /// <summary>Gets the usual short form, with control and format characters escaped.</summary>
    /// <returns><c>namespace/name</c>, or the name alone.</returns>
    public override string ToString() => Printable.Of(string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}", int.MaxValue);
}
