using System.Globalization;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Selectors;

namespace Rx.Kube.Simulator.Storage;

/// <summary>
/// Objects, their history and their watchers, with one version counter as in etcd. Thread-safe: every member takes the same lock,
/// so events reach every watcher in the order of the versions.
/// </summary>
internal sealed class Store(SimulatorOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceType, Revisions> _objects = ResourceType.BuiltIn.ToDictionary(t => t, _ => new Revisions());
    private readonly LinkedList<Change> _changes = [];
    private readonly HashSet<Watcher> _watchers = [];
    private readonly Identities _identities = new(options.Seed);
    private int _count;
    private long _bytes; // of the objects that exist
    private long _past; // of the states before each change of the history
    private TaskCompletionSource _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SimulatorOptions Options => options;

    /// <summary>The kinds that are served.</summary>
    internal ResourceTypes Types { get; } = new();

    internal long Version { get; private set; } = 1;

    internal long Compacted { get; private set; }

    internal int Watchers
    {
        get
        {
            lock (_gate) return _watchers.Count;
        }
    }

    /// <summary>Serves one more kind.</summary>
    internal void Declare(ResourceType type)
    {
        lock (_gate)
        {
            _objects.TryAdd(type, new Revisions());
        }

        Types.Add(type);
    }

    internal StoredObject? Get(ResourceType type, string ns, string name)
    {
        lock (_gate) return _objects[type].Latest(StoredObject.KeyOf(ns, name));
    }

    internal StoredObject Create(ResourceType type, string ns, JsonObject source, bool dryRun = false)
    {
        var o = ObjectShape.Canonical(type, source);
        var meta = o["metadata"]!.AsObject();
        lock (_gate)
        {
            if (meta["resourceVersion"] is not null and var v && (string?)v != "0")
                throw Errors.Internal("resourceVersion should not be set on objects to be created");
            if (type.Namespaced) meta["namespace"] = ns;
            else meta.Remove("namespace");
            if (meta["name"] is null && meta["generateName"] is { } stem) meta["name"] = (string?)stem + _identities.Suffix();
            ObjectRules.Check(type, meta);
            var name = (string)meta["name"]!;
            if (_objects[type].Latest(StoredObject.KeyOf(type.Namespaced ? ns : "", name)) is not null)
                throw Errors.AlreadyExists(type, name);
            meta.Remove("deletionTimestamp");
            meta.Remove("deletionGracePeriodSeconds");
            meta["uid"] = _identities.Uid();
            meta["generation"] = 1;
            meta["creationTimestamp"] = Now();
            return Commit(type, null, o, dryRun)!;
        }
    }

    /// <summary>Replaces an object by the result of <paramref name="change"/>, atomically.</summary>
    internal StoredObject Update(ResourceType type, string ns, string name, Func<StoredObject, JsonObject> change, bool dryRun = false)
    {
        lock (_gate)
        {
            var before = _objects[type].Latest(StoredObject.KeyOf(ns, name)) ?? throw Errors.NotFound(type, name);
            var o = ObjectShape.Canonical(type, change(before));
            var meta = o["metadata"]!.AsObject();
            var old = before.ToJson()["metadata"]!.AsObject();
            if ((string?)meta["uid"] is { } uid && uid != before.Uid)
            {
                throw Errors.Conflict(
                    type, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {before.Uid}");
            }
            if ((string?)meta["resourceVersion"] is { } version && version != "0")
            {
                if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var asked))
                    throw Errors.Internal($"strconv.ParseUint: parsing \"{version}\": invalid syntax");
                if (asked != before.Version) throw Errors.Modified(type, name);
            }
            meta["name"] = name;
            if (type.Namespaced) meta["namespace"] = ns;
            foreach (var kept in (string[])["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName"])
            {
                meta.Remove(kept);
                if (old[kept] is { } value) meta[kept] = value.DeepClone();
            }
            meta["generation"] = (long)old["generation"]! + 1;
            ObjectRules.Check(type, meta);
            // An object that is being deleted disappears with its last finalizer; the answer still contains it.
            var finished = meta["deletionTimestamp"] is not null && meta["finalizers"] is null;
            var after = Commit(type, before, o, dryRun || finished)!;
            if (finished) Remove(type, before, dryRun);
            return after;
        }
    }

    /// <summary>Deletes an object, or marks it as being deleted while it has finalizers; returns which of the two.</summary>
    internal (StoredObject Last, bool Gone) Delete(
        ResourceType type, string ns, string name, Action<StoredObject>? check = null, bool dryRun = false)
    {
        lock (_gate)
        {
            var before = _objects[type].Latest(StoredObject.KeyOf(ns, name)) ?? throw Errors.NotFound(type, name);
            check?.Invoke(before);
            var o = before.ToJson();
            var meta = o["metadata"]!.AsObject();
            if (meta["finalizers"] is null) return (Remove(type, before, dryRun), true);
            if (meta["deletionTimestamp"] is not null) return (before, false);
            meta["deletionTimestamp"] = Now();
            meta["deletionGracePeriodSeconds"] = 0;
            meta["generation"] = (long)meta["generation"]! + 1;
            return (Commit(type, before, ObjectShape.Canonical(type, o), dryRun)!, false);
        }
    }

    /// <summary>Returns the state at a version (0 for the current one) in key order, with its version.</summary>
    internal (long Version, List<StoredObject> Objects) Read(Selection what, long at = 0, string? fromKey = null)
    {
        lock (_gate)
        {
            if (at != 0 && at < Compacted) throw Errors.Expired("The resourceVersion for the provided list is too old.");
            var version = at == 0 ? Version : at;
            var prefix = what.Namespace is null ? "" : what.Namespace + "/";
            return (version, [.. _objects[what.Type].At(version, prefix, fromKey)]);
        }
    }

    /// <summary>Opens a watch of all changes after a version.</summary>
    internal Watcher Watch(Selection what, long after)
    {
        lock (_gate)
        {
            if (after < Compacted) throw Errors.WatchTooOld(after, Compacted);
            var missed = _changes.Where(c => c.Version > after)
                .Select(c => Watcher.Translate(what, c))
                .Where(i => i is not null)
                .Select(i => i!.Value)
                .ToList();
            return Add(new(what, after, Version, missed, options));
        }
    }

    /// <summary>Opens a watch that optionally starts with the current state and continues with all later changes.</summary>
    internal Watcher WatchFromNow(Selection what, bool withState, bool endBookmark)
    {
        lock (_gate)
        {
            var (version, state) = Read(what);
            var initial = withState ? state.Where(what.Matches).Select(WatchItem.Added).ToList() : [];
            if (endBookmark) initial.Add(WatchItem.Bookmark(version, initialEnd: true));
            return Add(new(what, version, version, initial, options));
        }
    }

    internal void Bookmark(Watcher watcher)
    {
        lock (_gate)
        {
            if (!watcher.Offer(WatchItem.Bookmark(Version))) Close(watcher);
        }
    }

    internal void Close(Watcher watcher)
    {
        lock (_gate) _watchers.Remove(watcher);
        watcher.Complete();
    }

    internal void CloseAll()
    {
        lock (_gate)
        {
            foreach (var watcher in _watchers) watcher.Complete();
            _watchers.Clear();
        }
    }

    /// <summary>Removes the history up to a version; the version itself can still be read.</summary>
    internal void Compact(long? version)
    {
        lock (_gate)
        {
            var target = Math.Min(version ?? Version, Version);
            while (_changes.First is { } oldest && oldest.Value.Version <= target) Forget(oldest.Value);
            Compacted = Math.Max(Compacted, target);
        }
    }

    /// <summary>Completes once the store has reached a version.</summary>
    internal async Task Reached(long version, CancellationToken cancel)
    {
        while (true)
        {
            Task advanced;
            lock (_gate)
            {
                if (Version >= version) return;
                advanced = _advanced.Task;
            }
            await advanced.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    private Watcher Add(Watcher watcher)
    {
        _watchers.Add(watcher);
        return watcher;
    }

    private StoredObject Remove(ResourceType type, StoredObject before, bool dryRun)
    {
        if (!dryRun) Publish(new(Version + 1, type, before, null));
        return before;
    }

    private StoredObject? Commit(ResourceType type, StoredObject? before, JsonObject o, bool dryRun)
    {
        var meta = o["metadata"]!.AsObject();
        meta.Remove("resourceVersion");
        if (before is not null && dryRun) meta["resourceVersion"] = Json.Version(before.Version);
        if (!dryRun) meta["resourceVersion"] = Json.Version(Version + 1);
        // Again in canonical form: metadata in its usual order.
        var after = new StoredObject(type, ObjectShape.Canonical(type, o));
        RequireRoom(before, after);
        if (!dryRun) Publish(new(Version + 1, type, before, after));
        return after;
    }

    private void RequireRoom(StoredObject? before, StoredObject after)
    {
        if (after.Utf8.Length > options.MaxObjectBytes) throw Errors.ObjectTooLarge(options.MaxObjectBytes);
        if (before is null && _count >= options.MaxObjects) throw Errors.Full($"limit is {options.MaxObjects} objects");
        if (_bytes - Length(before) + after.Utf8.Length > options.MaxStoredBytes)
            throw Errors.Full($"limit is {options.MaxStoredBytes} bytes");
    }

    private static int Length(StoredObject? o) => o?.Utf8.Length ?? 0;

    private void Publish(Change change)
    {
        Version = change.Version;
        _objects[change.Type].Add(change.Key, change.Version, change.After);
        _changes.AddLast(change);
        _count += (change.After is null ? 0 : 1) - (change.Before is null ? 0 : 1);
        _bytes += Length(change.After) - Length(change.Before);
        _past += Length(change.Before);
        while (_changes.Count > options.History || _bytes + _past > options.MaxStoredBytes)
        {
            Compacted = _changes.First!.Value.Version;
            Forget(_changes.First!.Value);
        }
        _watchers.RemoveWhere(w =>
        {
            if (w.Offer(change)) return false;
            w.Complete();
            return true;
        });
        (_advanced, var before) = (new(TaskCreationOptions.RunContinuationsAsynchronously), _advanced);
        before.SetResult();
    }

    private void Forget(Change oldest)
    {
        _changes.RemoveFirst();
        _past -= Length(oldest.Before);
        _objects[oldest.Type].Compact(oldest.Key, oldest.Version);
    }

    private string Now() => options.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
