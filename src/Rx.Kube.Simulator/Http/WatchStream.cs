using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Answers watches: one line per event until the client, a timeout or the owner ends the watch.</summary>
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
        if (watcher is null) await Start(context, cancel).ConfigureAwait(false);
        else await Stream(context, asked, form, watcher, cancel).ConfigureAwait(false);
        if (error is not null) await Write(context, Line("ERROR", error.ToStatus()), cancel).ConfigureAwait(false);
    }

    private static async Task Start(HttpContext context, CancellationToken cancel)
    {
        context.Response.ContentType = AnswerForm.MediaType;
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
            await Start(context, cancel).ConfigureAwait(false);
            foreach (var item in watcher.Initial)
                await Write(context, Line(form, asked, item), cancel).ConfigureAwait(false);
            await foreach (var item in watcher.ReadAll(cancel).ConfigureAwait(false))
                await Write(context, Line(form, asked, item), cancel).ConfigureAwait(false);
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

    private static async Task Write(HttpContext context, byte[] line, CancellationToken cancel)
    {
        var result = await context.Response.BodyWriter.WriteAsync(line, cancel).ConfigureAwait(false);
        if (result.IsCompleted) throw new OperationCanceledException();
    }

    private static byte[] Line(string type, JsonNode o) =>
        Encoding.UTF8.GetBytes($"{new JsonObject { ["type"] = type, ["object"] = o }.ToJsonString()}\n");

    private static byte[] Line(AnswerForm form, ListOptions asked, WatchItem item)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("type", item.Type switch
            {
                WatchItemType.Added => "ADDED",
                WatchItemType.Modified => "MODIFIED",
                WatchItemType.Deleted => "DELETED",
                _ => "BOOKMARK",
            });
            writer.WritePropertyName("object");
            if (item.Object is null) form.WriteBookmark(writer, asked.Selection.Type, item);
            else form.WriteObject(writer, item.Object);
            writer.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
