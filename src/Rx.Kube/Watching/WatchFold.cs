using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// The base of every fold of a watch into snapshots: the version reached, the freshness, and the objects that could not be decoded.
/// It is the state of one subscription, used by one thread at a time.
/// </summary>
internal abstract class WatchFold<T>
{
    private string _version = "";

    /// <summary>The version that the watch has reached; empty while syncing.</summary>
    protected string Version => Phase.Freshness.IsSynced ? _version : "";

    /// <summary>The current phase: the same object until a list, an interruption or the end of one.</summary>
    protected WatchPhase Phase { get; private set; } = new(new Freshness.Syncing(), List: null);

    /// <summary>The objects that could not be decoded.</summary>
    protected SkippedSet Skipped { get; private set; } = SkippedSet.Empty;

    /// <summary>Those of them that the current event added, or whose reason it changed.</summary>
    protected ImmutableArray<SkippedObject> NewlySkipped { get; private set; } = [];

    /// <summary>Applies an event.</summary>
    /// <returns>Whether it makes a new snapshot.</returns>
    protected bool Take(WatchEvent<T> next)
    {
        NewlySkipped = [];
        switch (next)
        {
            case WatchEvent<T>.Listed listed:
                Select(listed.Selection);
                _version = listed.ResourceVersion;
                Phase = new(new Freshness.Live { Evidence = listed.Evidence }, new ListMark(listed.Continuity, listed.Evidence));
                var before = Skipped;
                Skipped = SkippedSet.Of(listed.SkippedItems);
                NewlySkipped = Skipped.IsEmpty ? [] : [.. Skipped.Objects.Where(s => !before.Knows(s))];
                Replace(listed.Items.AsImmutableArray(), Skipped.Keys);
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
                NewlySkipped = Skipped.Knows(skipped) ? [] : [skipped];
                Skipped = Skipped.With(skipped);
                Keep(skipped.Key);
                return true;
            case WatchEvent<T>.Skipped(var skipped, var version):
                Advance(version);
                Drop(skipped.Key);
                Unskip(skipped.Key);
                return true;
            case WatchEvent<T>.Interrupted(var interruption) interrupted:
                Select(interrupted.Selection);
                Phase = Phase with
                {
                    Freshness = Phase.Freshness.IsSynced
                        ? new Freshness.Stale(interruption) { Evidence = interrupted.Evidence }
                        : new Freshness.Syncing(interruption) { Evidence = interrupted.Evidence },
                };
                return true;
            case WatchEvent<T>.Resumed:
                Phase = Phase with
                {
                    Freshness = Phase.List is { } list
                        ? new Freshness.Live { Evidence = list.Evidence }
                        : new Freshness.Syncing { Evidence = Phase.Freshness.Evidence },
                };
                return true;
            case WatchEvent<T>.Bookmark(var version):
                Advance(version);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Takes what the source selects, if it says so: before every list and every interruption.</summary>
    protected virtual void Select(ResourceSelection? selection)
    {
    }

    /// <summary>The key of an object.</summary>
    protected abstract ResourceKey KeyOf(T item);

    /// <summary>Replaces everything by a list.</summary>
    /// <param name="items">The objects of the list.</param>
    /// <param name="kept">The keys of objects in the list that could not be decoded: their last good state stays.</param>
    protected abstract void Replace(ImmutableArray<T> items, IReadOnlyCollection<ResourceKey> kept);

    /// <summary>Puts an object that appeared or changed.</summary>
    /// <returns>Its key.</returns>
    protected abstract ResourceKey Put(T item);

    /// <summary>Removes an object, if it exists.</summary>
    protected abstract void Drop(ResourceKey key);

    /// <summary>Keeps the last good state of an object whose new state could not be decoded.</summary>
    protected virtual void Keep(ResourceKey key)
    {
    }

    // A deletion or a bookmark may have an older version. Only a list may go back, and then the server itself went back.
    private void Advance(string version) => _version = ResourceVersion.IsOlder(version, than: _version) ? _version : version;

    private void Unskip(ResourceKey key) => Skipped = Skipped.IsEmpty ? Skipped : Skipped.Without(key);
}

/// <summary>The state of a watch that all snapshots share: the same object until a list, an interruption or the end of one.</summary>
/// <param name="Freshness">Whether this is the server's current state.</param>
/// <param name="List">
/// The same object from one complete list to the next, null before the first: a change across two lists was inferred, not seen.
/// </param>
internal sealed record WatchPhase(Freshness Freshness, ListMark? List);

/// <summary>Identifies a list, by reference.</summary>
internal sealed class ListMark(Continuity continuity, WatchEvidence evidence)
{
    /// <summary>How the list relates to the state before it.</summary>
    public Continuity Continuity => continuity;

    /// <summary>When the server was last heard.</summary>
    public WatchEvidence Evidence => evidence;
}
