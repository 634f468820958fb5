using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>What changed between two snapshots of a store. Each list is ordered by key.</summary>
/// <typeparam name="T">The objects.</typeparam>
/// <param name="Added">Objects that are new.</param>
/// <param name="Removed">Objects that are gone. One that was deleted and created again under its name is here, and its successor in <paramref name="Added"/>.</param>
/// <param name="Updated">Objects that stayed and say something else.</param>
public sealed record StoreDiff<T>(
    ImmutableArray<ResourceChange<T>> Added, ImmutableArray<ResourceChange<T>> Removed, ImmutableArray<ResourceChange<T>> Updated)
{
    /// <summary>Nothing changed.</summary>
    public static StoreDiff<T> Empty { get; } = new([], [], []);

    /// <summary>Whether nothing changed.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Updated.IsEmpty;
}

/// <summary>What changed of one object.</summary>
/// <typeparam name="T">The objects.</typeparam>
/// <param name="Key">Which object.</param>
/// <param name="Previous">The object before; the default when it was added.</param>
/// <param name="Current">The object now; the default when it was removed.</param>
/// <param name="Inferred">
/// Whether the change was found by comparing lists after a gap, and not seen as an event: it happened some time in between.
/// </param>
public sealed record ResourceChange<T>(ResourceKey Key, T? Previous, T? Current, bool Inferred = false);
