namespace Rx.Kube.Simulator.Storage;

/// <summary>One write. <see cref="Before"/> is null for a creation, <see cref="After"/> for a deletion.</summary>
internal sealed class Change(long version, ResourceType type, StoredObject? before, StoredObject? after)
{
    private StoredObject? _gone;

    internal long Version => version;

    internal ResourceType Type => type;

    internal StoredObject? Before => before;

    internal StoredObject? After => after;

    /// <summary>The last state, at the version of this change, for watchers that no longer see the object.</summary>
    internal StoredObject Gone => _gone ??= before!.At(version);

    internal string Key => (after ?? before)!.Key;
}
