using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reactive.Concurrency;
using System.Text;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>A collection of an API server, over HTTP.</summary>
internal sealed class KubeWatchable<T>(KubeConnection connection, ResourceKind<T> kind, ResourceSelection selection) : IWatchable<T>
{
    // An API server gives a request that is no watch one minute; what has not come after two stands still.
    private static readonly TimeSpan PageTimeout = TimeSpan.FromMinutes(2);
    private readonly string _path = selection.PathOf(kind);

    public IObservable<WatchEvent<T>.Listed> List(ListOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AsyncObservable.Create<WatchEvent<T>.Listed>(connection.Scheduler, async (observer, ct) =>
        {
            _ = kind.CreateDecoder(); // Without a decoder the subscription fails, and not each object.
            observer.OnNext(await ListAsync(options, ct).ConfigureAwait(false));
        });
    }

    public IObservable<WatchEvent<T>> Watch(WatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AsyncObservable.Create<WatchEvent<T>>(connection.Scheduler, async (observer, ct) =>
        {
            _ = kind.CreateDecoder();
            using var response = await GetAsync("watch", WatchPath(options), ct).ConfigureAwait(false);
            using var body = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
            observer.OnNext(new WatchEvent<T>.Opened());
            await WatchFrames.ReadAsync(body, selection.Limits.MaxObjectBytes, line => observer.OnNext(Decode(line)), ct)
                .ConfigureAwait(false);
        });
    }

    private async Task<WatchEvent<T>.Listed> ListAsync(ListOptions options, CancellationToken ct)
    {
        try
        {
            return await ListPagesAsync(options, selection.Limits.PageSize, ct).ConfigureAwait(false);
        }
        catch (ContinueExpiredException)
        {
            // The pages have no version in common (any more). Start over with everything in one page, which cannot expire in between.
            return await ListPagesAsync(options, pageSize: null, ct).ConfigureAwait(false);
        }
    }

    private async Task<WatchEvent<T>.Listed> ListPagesAsync(ListOptions options, int? pageSize, CancellationToken ct)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        var skipped = ImmutableArray.CreateBuilder<SkippedObject>();
        string? version = null;
        for (var next = ""; ;)
        {
            var page = await ListPageAsync(ListPath(options, pageSize, next), next.Length > 0, ct).ConfigureAwait(false);
            if (page.ResourceVersion != (version ??= page.ResourceVersion))
            {
                throw new ContinueExpiredException(); // Pages of two states are no list.
            }

            if (page.Continue.Length == 0)
            {
                return new(items.DrainToImmutable(), page.ResourceVersion) { SkippedItems = skipped.DrainToImmutable() };
            }

            next = page.Continue != next
                ? page.Continue
                : throw new KubeProtocolException("the server answered with the same continue token it was asked for: its list has no end");
        }

        async Task<ListPage> ListPageAsync(string path, bool continues, CancellationToken ct)
        {
            HttpResponseMessage response;
            try
            {
                response = await GetAsync("list", path, ct).ConfigureAwait(false);
            }
            catch (KubeStatusException e) when (e.IsGone && continues)
            {
                throw new ContinueExpiredException();
            }

            using (response)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                using var timer = connection.Scheduler.Schedule(PageTimeout, () => RequestSender.TryCancel(limit));
                try
                {
                    using var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
                    return await ListPage.ReadAsync(body, selection.Limits, Take, limit.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!ct.IsCancellationRequested)
                {
                    throw new KubeTransportException($"the list did not come to its end within {PageTimeout.TotalSeconds:0} s");
                }
            }
        }

        void Take(ReadOnlySpan<byte> json)
        {
            if (items.Count + skipped.Count >= selection.Limits.MaxItems)
            {
                throw new KubeProtocolException(
                    $"the list has more than {selection.Limits.MaxItems} objects; narrow it with a selector, or raise {nameof(WireLimits)}.{nameof(WireLimits.MaxItems)}");
            }

            if (TryDecode(json, out var item, out var reason))
            {
                items.Add(item);
            }
            else
            {
                skipped.Add(Skipped(json, ObjectIdentity.ReadVersion(json), reason));
            }
        }
    }

    private WatchEvent<T> Decode(ReadOnlySpan<byte> line)
    {
        var frame = WatchFrame.Read(line, exact: false);
        if (frame.Type == FrameType.Error)
        {
            var (status, retryAfter) = KubeStatusReader.Read(WatchFrame.Read(line, exact: true).Object, fallbackCode: 500);
            throw new KubeStatusException($"the watch of {kind} failed: {status.Code} {Printable.Of(status.Reason)}: {Printable.Of(status.Message, 1000)}", status, retryAfter);
        }

        var version = ObjectIdentity.ReadVersion(frame.Object);
        if (version.Length == 0)
        {
            throw new KubeProtocolException("the server sent an event without a resourceVersion: what it changes cannot be known");
        }

        if (frame.Type == FrameType.Bookmark)
        {
            return new WatchEvent<T>.Bookmark(version);
        }

        if (!TryDecode(frame.Object, out var item, out var reason) && !TryDecodeExactly(line, ref item, ref reason))
        {
            var isDeletion = frame.Type == FrameType.Deleted;
            var skipped = Skipped(frame.Object, version, reason);
            return isDeletion && skipped.Name.Length == 0
                ? throw new KubeProtocolException("the server sent a deletion without a name: what is gone cannot be known")
                : new WatchEvent<T>.Skipped(skipped, version) { IsDeletion = isDeletion };
        }

        return frame.Type switch
        {
            FrameType.Modified => new WatchEvent<T>.Modified(item, version),
            FrameType.Added => new WatchEvent<T>.Added(item, version),
            FrameType.Deleted => new WatchEvent<T>.Deleted(item, version),
            _ => new WatchEvent<T>.Skipped(Skipped(frame.Object, version, "the type of the event is unknown"), version),
        };
    }

    /// <summary>The short way fails on an envelope of unusual shape, so before an object is given up its exact end is looked for.</summary>
    private bool TryDecodeExactly(ReadOnlySpan<byte> line, [NotNullWhen(true)] ref T? item, ref string reason)
    {
        try
        {
            return TryDecode(WatchFrame.Read(line, exact: true).Object, out item, out reason);
        }
        catch (KubeProtocolException)
        {
            // Broken further on, in an object whose name and version are known: it alone is lost.
            return false;
        }
    }

    private bool TryDecode(ReadOnlySpan<byte> json, [NotNullWhen(true)] out T? item, out string reason)
    {
        try
        {
            item = kind.Decode(json)!;
            reason = "";
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A decoder may be the user's; whatever it throws is about this object only.
            item = default;
            reason = e is JsonException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            return false;
        }
    }

    private static SkippedObject Skipped(ReadOnlySpan<byte> json, string version, string reason)
    {
        var (@namespace, name, _) = ObjectIdentity.Read(json);
        return new(@namespace, name, version, reason);
    }

    private async Task<HttpResponseMessage> GetAsync(string verb, string path, CancellationToken ct)
    {
        try
        {
            return await connection.GetAsync(path, ct).ConfigureAwait(false);
        }
        catch (KubeStatusException e) when (e.Status.Code == 403)
        {
            throw new KubeForbiddenException(
                connection.Server, new MissingPermission(verb, kind.Group, kind.Plural, selection.Namespace), e.Status, e.RetryAfter);
        }
    }

    private string ListPath(ListOptions options, int? pageSize, string next)
    {
        var query = selection.Query(_path);
        if (pageSize is { } limit)
        {
            query.Append(CultureInfo.InvariantCulture, $"&limit={limit}");
        }

        if (next.Length > 0)
        {
            // The token holds the version; the server refuses both.
            query.Append("&continue=").Append(Uri.EscapeDataString(next));
        }
        else if (options.NotOlderThan is { } version)
        {
            query.Append("&resourceVersion=").Append(Uri.EscapeDataString(version)).Append("&resourceVersionMatch=NotOlderThan");
        }

        return Finish(query);
    }

    private string WatchPath(WatchOptions options)
    {
        var query = selection.Query(_path).Append("&watch=true&allowWatchBookmarks=true&resourceVersion=")
            .Append(Uri.EscapeDataString(options.FromVersion));
        if (options.Timeout is { } timeout)
        {
            query.Append(CultureInfo.InvariantCulture, $"&timeoutSeconds={(long)timeout.TotalSeconds}");
        }

        return Finish(query);
    }

    private static string Finish(StringBuilder query) => query.Replace("?&", "?").ToString().TrimEnd('?');

    private sealed class ContinueExpiredException : Exception;
}
