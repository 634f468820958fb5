namespace Rx.Kube;

/// <summary>What changed between two snapshots of a store. Each list is ordered by key. Equality is by content.</summary>
/// <typeparam name="T">The objects.</typeparam>
/// <param name="Added">The objects that are new.</param>
/// <param name="Removed">
/// The objects that are gone. An object that was deleted and created again under the same name is here, and its successor in
/// <paramref name="Added"/>.
/// </param>
/// <param name="Updated">The objects that remain and whose content changed.</param>
public sealed record StoreDiff<T>(
    EquatableArray<ResourceChange<T>> Added, EquatableArray<ResourceChange<T>> Removed, EquatableArray<ResourceChange<T>> Updated)
{
    /// <summary>Gets the difference between equal snapshots.</summary>
    public static StoreDiff<T> Empty { get; } = new([], [], []);

    /// <summary>Gets whether nothing changed.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Updated.IsEmpty;
}

/// <summary>The change of one object. Equality is by content, as far as the type of the objects compares content.</summary>
/// <typeparam name="T">The objects.</typeparam>
/// <param name="Key">The key of the object.</param>
/// <param name="Previous">The object before; the default when it was added.</param>
/// <param name="Current">The object now; the default when it was removed.</param>
/// <param name="Inferred">
/// Whether the change was found by comparing lists after a gap, and was not observed as an event: it happened at an unknown time during the
/// gap.
/// </param>
public sealed record ResourceChange<T>(ResourceKey Key, T? Previous, T? Current, bool Inferred = false);
