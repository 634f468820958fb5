using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The uid and version of every object that a stream has delivered and not removed: what an audit compares with a list, and of which
/// objects consumers keep a good state. Thread-safe, because an audit runs beside the watch.
/// </summary>
/// <param name="metadataOf">Reads the metadata of an object.</param>
/// <param name="maxAudited"><see cref="ResumeOptions.MaxAuditedObjects"/>.</param>
internal sealed class HeldObjects<T>(Func<T, ObjectMeta?> metadataOf, int maxAudited = 0)
{
    internal const int LeastNoted = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceKey, Identity> _held = [];

    /// <summary>The objects that were never decoded since they appeared: consumers have no state of them.</summary>
    private readonly HashSet<ResourceKey> _stateless = [];

    /// <summary>Whether an object without metadata was delivered.</summary>
    private bool _hasNameless;

    /// <summary>What changed since the audit began; null when there is none.</summary>
    private HashSet<ResourceKey>? _changed;

    /// <summary>
    /// Gets how many objects may change during one audit. More of them are a flood of objects that come and go; then everything counts as
    /// changed.
    /// </summary>
    public int MostNoted => Math.Max(LeastNoted, maxAudited);

    /// <summary>Gets the number of objects.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>Applies an event.</summary>
    public void Apply(WatchEvent<T> next)
    {
        switch (next)
        {
            case WatchEvent<T>.Modified e:
                Put(e.Object);
                break;
            case WatchEvent<T>.Added e:
                Put(e.Object);
                break;
            case WatchEvent<T>.Deleted e:
                Remove(metadataOf(e.Object));
                break;
            case WatchEvent<T>.Skipped { IsDeletion: true } e:
                Set(e.Object.Key, identity: null);
                break;
            case WatchEvent<T>.Skipped e:
                Set(e.Object.Key, new("", e.Object.ResourceVersion), isDecoded: false);
                break;
            case WatchEvent<T>.Listed e:
                Replace(Of(e), e.SkippedItems);
                break;
        }
    }

    /// <summary>
    /// Gets whether consumers keep the last good state of any of these objects. True if an object without metadata was delivered, because
    /// it may be one of them.
    /// </summary>
    public bool KeepsAny(IEnumerable<SkippedObject> skipped)
    {
        lock (_lock)
        {
            return _hasNameless || skipped.Any(s => Keeps(s.Key));
        }
    }

    /// <summary>Begins to note what changes.</summary>
    public void BeginAudit()
    {
        lock (_lock)
        {
            _changed = [];
        }
    }

    /// <summary>Stops noting what changes, so that the notes do not grow with every object that ever existed.</summary>
    public void EndAudit()
    {
        lock (_lock)
        {
            _changed = null;
        }
    }

    /// <summary>
    /// Finds the objects that differ from a list, among those that have not changed since <see cref="BeginAudit"/>: an event that is still
    /// on its way is no difference.
    /// </summary>
    public IReadOnlyList<ResourceKey> Differences(WatchEvent<T>.Listed list) => Differences(Of(list));

    /// <summary>Gets whether any of these objects has not changed since <see cref="BeginAudit"/>.</summary>
    public bool AnyUnchanged(IReadOnlyList<ResourceKey> keys)
    {
        lock (_lock)
        {
            return keys.Any(IsUnchanged);
        }
    }

    private List<ResourceKey> Differences(Dictionary<ResourceKey, Identity> listed)
    {
        lock (_lock)
        {
            return [
                .. listed.Where(l => !_held.TryGetValue(l.Key, out var held) || held != l.Value).Select(l => l.Key)
                    .Concat(_held.Keys.Where(k => !listed.ContainsKey(k)))
                    .Where(IsUnchanged),
            ];
        }
    }

    private bool IsUnchanged(ResourceKey key) => _changed is not { } changed || (changed.Count < MostNoted && !changed.Contains(key));

    private bool Keeps(ResourceKey key) => _held.ContainsKey(key) && !_stateless.Contains(key);

    private Dictionary<ResourceKey, Identity> Of(WatchEvent<T>.Listed list)
    {
        var identities = new Dictionary<ResourceKey, Identity>(list.Items.Length);
        foreach (var item in list.Items)
        {
            if (metadataOf(item) is { } metadata)
            {
                identities[ResourceKey.Of(metadata)] = new(metadata.Uid, metadata.ResourceVersion);
            }
            else
            {
                _hasNameless = true;
            }
        }

        foreach (var skipped in list.SkippedItems)
        {
            identities[skipped.Key] = new("", skipped.ResourceVersion);
        }

        return identities;
    }

    private void Replace(Dictionary<ResourceKey, Identity> identities, EquatableArray<SkippedObject> skipped)
    {
        lock (_lock)
        {
            List<ResourceKey> stateless = [.. skipped.Select(s => s.Key).Where(key => !Keeps(key))];
            _stateless.Clear();
            _stateless.UnionWith(stateless);
            _held.Clear();
            foreach (var (key, identity) in identities)
            {
                _held.Add(key, identity);
            }
        }
    }

    private void Put(T item)
    {
        if (metadataOf(item) is { } metadata)
        {
            Set(ResourceKey.Of(metadata), new(metadata.Uid, metadata.ResourceVersion));
        }
        else
        {
            _hasNameless = true;
        }
    }

    private void Remove(ObjectMeta? metadata)
    {
        if (metadata is not null)
        {
            Set(ResourceKey.Of(metadata), identity: null);
        }
    }

    private void Set(ResourceKey key, Identity? identity, bool isDecoded = true)
    {
        lock (_lock)
        {
            if (isDecoded)
            {
                _stateless.Remove(key);
            }
            else if (!_held.ContainsKey(key))
            {
                _stateless.Add(key);
            }

            if (identity is { } present)
            {
                _held[key] = present;
            }
            else
            {
                _held.Remove(key);
            }

            if (_changed is { } changed && changed.Count < MostNoted)
            {
                _changed.Add(key);
            }
        }
    }

    private readonly record struct Identity(string Uid, string ResourceVersion);
}
