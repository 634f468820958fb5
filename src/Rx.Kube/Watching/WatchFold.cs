using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// What every fold of a watch into snapshots has in common: how far it has come, how fresh it is, and what could not be decoded.
/// The state of one subscription; one thread at a time.
/// </summary>
internal abstract class WatchFold<T>
{
    private readonly SortedDictionary<ResourceKey, SkippedObject> _skipped = [];
    private string _version = "";

    /// <summary>The version the watch has reached; empty while syncing.</summary>
    protected string Version => Phase.Freshness.IsSynced ? _version : "";

    /// <summary>The same object until a list, an interruption or its end.</summary>
    protected WatchPhase Phase { get; private set; } = new(new Freshness.Syncing(), List: null);

    /// <summary>What could not be decoded, in order.</summary>
    protected ImmutableArray<SkippedObject> Skipped { get; private set; } = [];

    /// <summary>Takes an event.</summary>
    /// <returns>Whether it gives a snapshot.</returns>
    protected bool Take(WatchEvent<T> next)
    {
        switch (next)
        {
            case WatchEvent<T>.Listed listed:
                _version = listed.ResourceVersion;
                Phase = new(Freshness.Live.Instance, new object());
                _skipped.Clear();
                foreach (var skipped in listed.SkippedItems)
                {
                    _skipped[skipped.Key] = skipped;
                }

                Skipped = [.. _skipped.Values];
                Replace(listed.Items.AsImmutableArray(), _skipped.Keys);
                return true;
            case WatchEvent<T>.Added(var item, var version):
                Advance(version);
                Unskip(Put(item));
                return true;
            case WatchEvent<T>.Modified(var item, var version):
                Advance(version);
                Unskip(Put(item));
                return true;
            case WatchEvent<T>.Deleted(var item, var version):
                Advance(version);
                Drop(KeyOf(item));
                Unskip(KeyOf(item));
                return true;
            case WatchEvent<T>.Skipped(var skipped, var version) { IsDeletion: false }:
                Advance(version);
                _skipped[skipped.Key] = skipped;
                Skipped = [.. _skipped.Values];
                Keep(skipped.Key);
                return true;
            case WatchEvent<T>.Skipped(var skipped, var version):
                Advance(version);
                Drop(skipped.Key);
                Unskip(skipped.Key);
                return true;
            case WatchEvent<T>.Interrupted(var interruption):
                Phase = Phase with
                {
                    Freshness = Phase.Freshness.IsSynced ? new Freshness.Stale(interruption) : new Freshness.Syncing(interruption),
                };
                return true;
            case WatchEvent<T>.Resumed:
                Phase = Phase with { Freshness = Phase.Freshness.IsSynced ? Freshness.Live.Instance : new Freshness.Syncing() };
                return true;
            case WatchEvent<T>.Bookmark(var version):
                Advance(version);
                return false;
            default:
                return false;
        }
    }

    /// <summary>The key of an object.</summary>
    protected abstract ResourceKey KeyOf(T item);

    /// <summary>A list takes the place of everything.</summary>
    /// <param name="items">What is there now.</param>
    /// <param name="kept">What is there too, but could not be decoded: its last good state stays.</param>
    protected abstract void Replace(ImmutableArray<T> items, IReadOnlyCollection<ResourceKey> kept);

    /// <summary>An object appeared or changed.</summary>
    /// <returns>Its key.</returns>
    protected abstract ResourceKey Put(T item);

    /// <summary>An object is gone, if it was there.</summary>
    protected abstract void Drop(ResourceKey key);

    /// <summary>An object changed to what could not be decoded: its last good state stays.</summary>
    protected virtual void Keep(ResourceKey key)
    {
    }

    // A deletion, or a bookmark, may come with an older version; only a list may go back, and then the server itself did.
    private void Advance(string version) => _version = ResourceVersion.IsOlder(version, than: _version) ? _version : version;

    private void Unskip(ResourceKey key)
    {
        if (_skipped.Count > 0 && _skipped.Remove(key))
        {
            Skipped = [.. _skipped.Values];
        }
    }
}

/// <summary>What all that comes of a watch has in common: the same object until a list, an interruption or its end.</summary>
/// <param name="Freshness">Whether this is the server's state of now.</param>
/// <param name="List">
/// The same object from one complete list to the next, null before the first: a change across two lists was inferred, not seen.
/// </param>
internal sealed record WatchPhase(Freshness Freshness, object? List);
