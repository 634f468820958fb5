using System.Collections.Immutable;
using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>Reads a list page by page. The result is one state of the collection, whole, or an error.</summary>
internal sealed class ListPager<T>(
    PermittedRequests requests, KindDecoders<T> decoders, RequestPaths paths, WireLimits limits, IScheduler scheduler)
{
    // API servers end a request that is not a watch after one minute, so after two minutes the page is stalled.
    private static readonly TimeSpan PageTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Lists the collection.</summary>
    public async Task<WatchEvent<T>.Listed> ListAsync(ListOptions options, CancellationToken ct)
    {
        try
        {
            return await ListPagesAsync(options, limits.PageSize, ct).ConfigureAwait(false);
        }
        catch (ContinueExpiredException)
        {
            // The pages do not share a version. Start over with everything in one page, which cannot expire midway.
            return await ListPagesAsync(options, pageSize: null, ct).ConfigureAwait(false);
        }
    }

    private async Task<WatchEvent<T>.Listed> ListPagesAsync(ListOptions options, int? pageSize, CancellationToken ct)
    {
        var collected = new Collected(limits.MaxItems);
        string? version = null;
        for (var next = ""; ;)
        {
            var page = await ReadPageAsync(paths.List(options, pageSize, next), next.Length > 0, options.Evidence, collected, ct)
                .ConfigureAwait(false);
            if (page.ResourceVersion != (version ??= page.ResourceVersion))
            {
                throw new ContinueExpiredException(); // Pages of two states do not make a list.
            }

            if (page.Continue.Length == 0)
            {
                return collected.ToList(page.ResourceVersion);
            }

            next = page.Continue != next
                ? page.Continue
                : throw new KubeProtocolException("the server answered with the continue token of the request: its list has no end");
        }
    }

    private async Task<ListPage> ReadPageAsync(
        string path, bool continues, WatchEvidence? evidence, Collected collected, CancellationToken ct)
    {
        HttpResponseMessage response;
        try
        {
            response = await requests.GetAsync(path, ct).ConfigureAwait(false);
        }
        catch (KubeStatusException e) when (e.IsGone && continues)
        {
            throw new ContinueExpiredException();
        }

        using (response)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var timer = scheduler.Schedule(PageTimeout, () => RequestSender.TryCancel(limit));
            try
            {
                evidence?.Note();
                using var body = EvidenceStream.Of(
                    await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false), evidence);
                var decoder = decoders.For(response);
                return await decoder.Format.ReadListAsync(body, limits, item => collected.Add(item, decoder), limit.Token)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new KubeTransportException($"the list did not arrive completely within {PageTimeout.TotalSeconds:0} s");
            }
        }
    }

    /// <summary>The items of the pages so far.</summary>
    private sealed class Collected(int maxItems)
    {
        private readonly ImmutableArray<T>.Builder _items = ImmutableArray.CreateBuilder<T>();
        private readonly ImmutableArray<SkippedObject>.Builder _skipped = ImmutableArray.CreateBuilder<SkippedObject>();

        public void Add(ReadOnlySpan<byte> item, EventDecoder<T> decoder)
        {
            if (_items.Count + _skipped.Count >= maxItems)
            {
                throw new KubeProtocolException(
                    $"the list has more than {maxItems} objects. To fix: narrow it with a selector, or raise "
                    + $"{nameof(WireLimits)}.{nameof(WireLimits.MaxItems)}.");
            }

            if (decoder.TryDecodeItem(item, out var value, out var skipped))
            {
                _items.Add(value);
            }
            else
            {
                _skipped.Add(skipped);
            }
        }

        public WatchEvent<T>.Listed ToList(string version) =>
            new(_items.DrainToImmutable(), version) { SkippedItems = _skipped.DrainToImmutable() };
    }

    private sealed class ContinueExpiredException : Exception;
}
