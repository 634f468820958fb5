using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Answers watches: one event after the other until the client, a timeout or the owner ends the watch.</summary>
internal sealed class WatchStream(Store store, Lister lister, SimulatorOptions options)
{
    // Real servers send a last bookmark this long before the end of a watch.
    private static readonly TimeSpan BeforeTheEnd = TimeSpan.FromSeconds(2);

    private readonly Random _lifetimes = new(options.Seed);

    internal async Task Serve(HttpContext context, ListOptions asked, AnswerForm form)
    {
        asked.Check();
        if (asked.Version.Length > 0) Lister.ParseVersion(asked.Version, Errors.Internal);
        var cancel = context.RequestAborted;
        Watcher? watcher = null;
        ApiStatusException? error = null;
        try
        {
            watcher = await Open(asked, cancel).ConfigureAwait(false);
        }
        catch (ApiStatusException e) when (e.Code != 410 || options.ExpiredWatch == ExpiredWatch.ErrorEvent)
        {
            error = e;
        }
        if (watcher is null) await Start(context, form, cancel).ConfigureAwait(false);
        else await Stream(context, asked, form, watcher, cancel).ConfigureAwait(false);
        if (error is not null) await Write(context, buffer => form.WriteError(buffer, error.ToStatus()), cancel).ConfigureAwait(false);
    }

    private static async Task Start(HttpContext context, AnswerForm form, CancellationToken cancel)
    {
        context.Response.ContentType = form.WatchMediaType;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(cancel).ConfigureAwait(false);
        // Headers are sent now: a client must learn that the watch is open before the first event.
        await context.Response.BodyWriter.FlushAsync(cancel).ConfigureAwait(false);
    }

    private async Task<Watcher> Open(ListOptions asked, CancellationToken cancel)
    {
        var what = asked.Selection;
        var anyVersion = asked.Version is "" or "0";
        if (asked.SendInitialEvents == true)
        {
            if (!anyVersion) await lister.Reach(asked.Version, "", cancel).ConfigureAwait(false);
            return store.WatchFromNow(what, withState: true, endBookmark: asked.Bookmarks);
        }
        if (!anyVersion) return store.Watch(what, Lister.ParseVersion(asked.Version, Errors.Internal));
        // Without a version the current state comes first; a server with streaming lists marks its end here as well.
        var withState = asked.SendInitialEvents is null || asked.Version == "0";
        return store.WatchFromNow(what, withState, endBookmark: withState && asked.Bookmarks);
    }

    private async Task Stream(HttpContext context, ListOptions asked, AnswerForm form, Watcher watcher, CancellationToken cancel)
    {
        var life = asked.TimeoutSeconds is > 0 and var seconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds))
            : Lifetime();
        var timers = new List<ITimer> { options.Time.CreateTimer(_ => store.Close(watcher), null, life, Timeout.InfiniteTimeSpan) };
        if (asked.Bookmarks)
        {
            timers.Add(options.Time.CreateTimer(_ => store.Bookmark(watcher), null, options.BookmarkInterval, options.BookmarkInterval));
            if (life > BeforeTheEnd)
                timers.Add(options.Time.CreateTimer(_ => store.Bookmark(watcher), null, life - BeforeTheEnd, Timeout.InfiniteTimeSpan));
        }
        try
        {
            // Only after the timers are set: a test may advance its clock as soon as the watch is open.
            await Start(context, form, cancel).ConfigureAwait(false);
            foreach (var item in watcher.Initial)
                await Write(context, buffer => Event(buffer, form, asked, item), cancel).ConfigureAwait(false);
            await foreach (var item in watcher.ReadAll(cancel).ConfigureAwait(false))
                await Write(context, buffer => Event(buffer, form, asked, item), cancel).ConfigureAwait(false);
        }
        finally
        {
            foreach (var timer in timers) await timer.DisposeAsync().ConfigureAwait(false);
            store.Close(watcher);
        }
    }

    private TimeSpan Lifetime()
    {
        lock (_lifetimes) return options.MinWatchTimeout * (1 + _lifetimes.NextDouble());
    }

    private static async Task Write(HttpContext context, Action<IBufferWriter<byte>> write, CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        var result = await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, cancel).ConfigureAwait(false);
        if (result.IsCompleted) throw new OperationCanceledException();
    }

    private static void Event(IBufferWriter<byte> to, AnswerForm form, ListOptions asked, WatchItem item) => form.WriteEvent(
        to,
        item.Type switch
        {
            WatchItemType.Added => "ADDED",
            WatchItemType.Modified => "MODIFIED",
            WatchItemType.Deleted => "DELETED",
            _ => "BOOKMARK",
        },
        asked.Selection.Type,
        item);
}
