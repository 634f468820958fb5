using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Rx.Kube.Simulator.Selectors;

namespace Rx.Kube.Simulator.Storage;

/// <summary>An open watch in the store: a bounded queue. A watcher that reads too slowly is dropped.</summary>
/// <param name="selection">The objects of the watch.</param>
/// <param name="after">Only later changes are sent.</param>
/// <param name="opened">The version at which the watch was opened.</param>
/// <param name="initial">The events to send before the queued ones.</param>
/// <param name="options">How many events, and bytes of them, may be queued.</param>
internal sealed class Watcher(
    Selection selection, long after, long opened, IReadOnlyList<WatchItem> initial, SimulatorOptions options)
{
    private long _bytes;

    private readonly Channel<WatchItem> _queue = Channel.CreateBounded<WatchItem>(new BoundedChannelOptions(options.WatchBuffer)
    {
        SingleReader = true,
        AllowSynchronousContinuations = false,
    });

    /// <summary>The events to send before the queued ones.</summary>
    internal IReadOnlyList<WatchItem> Initial => initial;

    /// <summary>Returns the queued events, until the watch ends.</summary>
    internal async IAsyncEnumerable<WatchItem> ReadAll([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var item in _queue.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            Interlocked.Add(ref _bytes, -Length(item));
            yield return item;
        }
    }

    /// <summary>Returns the event that this watch sends for a change; null for none.</summary>
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

    /// <summary>Queues an event; returns false if the watcher is too slow and must be dropped.</summary>
    internal bool Offer(Change change) =>
        change.Version <= after || Translate(selection, change) is not { } item || Queue(item);

    /// <summary>Sends a bookmark, unless nothing has changed since the watch began: real servers send none then.</summary>
    internal bool Offer(WatchItem bookmark) =>
        bookmark.Version <= Math.Max(after, opened) || Queue(bookmark);

    /// <summary>Ends the stream cleanly after the queued events are delivered.</summary>
    internal void Complete() => _queue.Writer.TryComplete();

    // Before it is written: the reader subtracts it as soon as it is there. A watcher that is refused is not used again.
    private bool Queue(WatchItem item) =>
        Interlocked.Add(ref _bytes, Length(item)) <= options.MaxWatchBytes && _queue.Writer.TryWrite(item);

    private static long Length(WatchItem item) => item.Object?.Utf8.Length ?? 0;
}
