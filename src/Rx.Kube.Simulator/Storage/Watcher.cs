using System.Threading.Channels;
using Rx.Kube.Simulator.Selectors;

namespace Rx.Kube.Simulator.Storage;

/// <summary>An open watch as the store sees it: a bounded queue. Whoever reads too slowly is dropped.</summary>
/// <param name="selection">What it is about.</param>
/// <param name="after">Only what is newer is told.</param>
/// <param name="opened">The version when it was opened.</param>
/// <param name="initial">What is told before anything that is queued.</param>
/// <param name="capacity">How much may be queued.</param>
internal sealed class Watcher(Selection selection, long after, long opened, IReadOnlyList<WatchItem> initial, int capacity)
{
    private readonly Channel<WatchItem> _queue = Channel.CreateBounded<WatchItem>(new BoundedChannelOptions(capacity)
    {
        SingleReader = true,
        AllowSynchronousContinuations = false,
    });

    /// <summary>What is told before anything that is queued.</summary>
    internal IReadOnlyList<WatchItem> Initial => initial;

    internal ChannelReader<WatchItem> Items => _queue.Reader;

    /// <summary>The event this watch is told of a change, or null if it does not concern it.</summary>
    internal static WatchItem? Translate(Selection selection, Change change)
    {
        if (change.Type != selection.Type) return null;
        return (selection.Matches(change.Before), selection.Matches(change.After)) switch
        {
            (false, true) => new(WatchItemType.Added, change.After, change.Version),
            (true, true) => new(WatchItemType.Modified, change.After, change.Version),
            (true, false) => new(WatchItemType.Deleted, change.Gone, change.Version),
            _ => null,
        };
    }

    /// <summary>False when the watcher is too slow and must go.</summary>
    internal bool Offer(Change change) =>
        change.Version <= after || Translate(selection, change) is not { } item || _queue.Writer.TryWrite(item);

    /// <summary>A bookmark, unless nothing has happened since the watch began: real servers send none then.</summary>
    internal bool Offer(WatchItem bookmark) =>
        bookmark.Version <= Math.Max(after, opened) || _queue.Writer.TryWrite(bookmark);

    /// <summary>What is queued is still delivered, then the stream ends cleanly.</summary>
    internal void Complete() => _queue.Writer.TryComplete();
}
