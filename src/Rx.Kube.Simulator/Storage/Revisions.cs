namespace Rx.Kube.Simulator.Storage;

/// <summary>All objects of one type with their history, unless it is compacted: a small version of etcd's multi-version store.</summary>
internal sealed class Revisions
{
    private readonly SortedDictionary<string, List<(long Version, StoredObject? Object)>> _keys = new(StringComparer.Ordinal);

    internal StoredObject? Latest(string key) => _keys.TryGetValue(key, out var past) ? past[^1].Object : null;

    internal void Add(string key, long version, StoredObject? o)
    {
        if (!_keys.TryGetValue(key, out var past)) _keys[key] = past = [];
        past.Add((version, o));
    }

    /// <summary>Returns the state at a version in key order, from <paramref name="from"/> on.</summary>
    internal IEnumerable<StoredObject> At(long version, string prefix = "", string? from = null)
    {
        foreach (var (key, past) in _keys)
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal) || from is not null && string.CompareOrdinal(key, from) < 0) continue;
            for (var i = past.Count - 1; i >= 0; i--)
            {
                if (past[i].Version > version) continue;
                if (past[i].Object is { } there) yield return there;
                break;
            }
        }
    }

    /// <summary>Removes the states that only versions before <paramref name="version"/> need.</summary>
    internal void Compact(string key, long version)
    {
        if (!_keys.TryGetValue(key, out var past)) return;
        var needed = past.FindLastIndex(r => r.Version <= version);
        if (needed < 0) return;
        if (past[needed].Object is null) needed++;
        past.RemoveRange(0, needed);
        if (past.Count == 0) _keys.Remove(key);
    }
}
