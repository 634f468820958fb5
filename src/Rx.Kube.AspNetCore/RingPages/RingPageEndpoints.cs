using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Rx.Kube;

/// <summary>
/// Answers the requests of the page: the document, the stream of frames, a ring as it was, and the walk of a key. All only read.
/// </summary>
internal static class RingPageEndpoints
{
    /// <summary>The names below the page.</summary>
    public static readonly string[] Resources = ["events", "at", "walk"];

    /// <summary>Answers one request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="page">The page.</param>
    /// <param name="resource">What is asked for: null or empty for the document, else one of <see cref="Resources"/>.</param>
    public static Task AnswerAsync(HttpContext context, RingPage page, string? resource)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (string.IsNullOrEmpty(resource))
        {
            return RingPageDocument.WriteAsync(context);
        }

        // A page of another origin cannot read the answers; it must not open streams either. Source: w3.org/TR/fetch-metadata.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "none" or "same-origin"))
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "The request comes from a page of another origin.");
        }

        return resource switch
        {
            "events" => StreamAsync(context, page),
            "at" => ShowPastAsync(context, page),
            "walk" => ShowWalkAsync(context, page),
            _ => RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such resource."),
        };
    }

    /// <summary>Refuses a request.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why, context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, RingPage page)
    {
        var (request, response) = (context.Request, context.Response);
        if (!page.TryOpenStream())
        {
            response.Headers.RetryAfter = "5";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many pages are open.").ConfigureAwait(false);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, page.Closing);
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            response.ContentType = "text/event-stream; charset=utf-8";
            response.Headers["X-Accel-Buffering"] = "no";

            // The header when the browser reconnects by itself, the query when the page was hidden meanwhile.
            var id = request.Headers["Last-Event-ID"] is [{ } header, ..] ? header : request.Query["after"].ToString();
            long? after = null;
            var isFirst = true;
            await foreach (var state in page.Paced().ToLatestAsyncEnumerable().WithCancellation(ending.Token).ConfigureAwait(false))
            {
                after = isFirst ? page.After(id, state) : after;
                WriteEvent(response.BodyWriter, page, state, after, isFirst);
                await response.BodyWriter.FlushAsync(ending.Token).ConfigureAwait(false);
                (after, isFirst) = (state.Sequence, false);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader disconnected, or the page closes.
        }
        finally
        {
            page.CloseStream();
        }
    }

    /// <summary>Writes one server-sent event. Source: html.spec.whatwg.org, "Server-sent events".</summary>
    public static void WriteEvent(IBufferWriter<byte> output, RingPage page, RingPageState state, long? after, bool isFirst)
    {
        var text = new StringBuilder(isFirst ? "retry: 2000\n" : "");
        text.Append("event: ").Append(after is null ? "full" : "diff").Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"id: {page.Epoch}-{state.Sequence}\n").Append("data: ");
        output.Write(Encoding.ASCII.GetBytes(text.ToString()));
        using (var json = new Utf8JsonWriter(output))
        {
            RingPageJson.WriteFrame(json, page, state, after);
        }

        output.Write("\n\n"u8);
    }

    private static async Task ShowPastAsync(HttpContext context, RingPage page)
    {
        if (await PastOf(context, page).ConfigureAwait(false) is { } past)
        {
            await WriteAsync(context, json => RingPageJson.WritePast(json, past)).ConfigureAwait(false);
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "The ring of that time is no longer known.").ConfigureAwait(false);
        }
    }

    private static async Task ShowWalkAsync(HttpContext context, RingPage page)
    {
        var key = context.Request.Query["key"].ToString();
        if (key.Length > page.Options.MaxKeyLength)
        {
            await RefuseAsync(
                context, StatusCodes.Status414UriTooLong,
                $"The key is longer than {page.Options.MaxKeyLength} characters.").ConfigureAwait(false);
            return;
        }

        var past = context.Request.Query.ContainsKey("at") ? await PastOf(context, page).ConfigureAwait(false) : null;
        var view = page.Current.Moment?.View;
        if (view is null || (past is null && context.Request.Query.ContainsKey("at")))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is no ring.").ConfigureAwait(false);
            return;
        }

        var walk = RingWalk.Of(past?.Ring ?? view.Ring, view.Replicas.ReplicationFactor, key);
        await WriteAsync(
            context, json => RingPageJson.WriteWalk(json, key, walk, past?.Change.Version ?? view.Version)).ConfigureAwait(false);
    }

    private static Task<PastRing?> PastOf(HttpContext context, RingPage page) =>
        long.TryParse(context.Request.Query["at"], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? page.PastAsync(id, context.RequestAborted)
            : Task.FromResult<PastRing?>(null);

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            write(json);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
