using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Kube;

/// <summary>
/// Reads a list page by page. The result is one state of the collection, whole, or an error; within bounds of pages, objects and time,
/// whatever the server sends.
/// </summary>
/// <param name="requests">Sends the requests.</param>
/// <param name="decoders">Decode the pages.</param>
/// <param name="paths">The paths of the requests.</param>
/// <param name="limits">The bounds.</param>
/// <param name="scheduler">Measures time.</param>
/// <param name="progress">Tells how far the list is.</param>
/// <param name="held">What the subscription holds, for a list that replaces it; null for none.</param>
internal sealed class ListPager<T>(
    PermittedRequests requests, KindDecoders<T> decoders, RequestPaths paths, WireLimits limits, IScheduler scheduler,
    ListProgress progress, RetainedObjects? held)
{
    // A page without objects that is not the last one is legal, but real servers send hardly any.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>Lists the collection.</summary>
    public async Task<WatchEvent<T>.Listed> ListAsync(ListOptions options, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var timer = scheduler.Schedule(limits.MaxListTime, () => RequestSender.TryCancel(limit));
        try
        {
            return await ListOneStateAsync(options, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw NoEnd(
                $"it was not complete after {limits.MaxListTime.TotalSeconds:0} s and {progress.PagesText}",
                $"narrow the list with a selector, or raise {nameof(WireLimits)}.{nameof(WireLimits.MaxListTime)}");
        }
    }

    private async Task<WatchEvent<T>.Listed> ListOneStateAsync(ListOptions options, CancellationToken ct)
    {
        try
        {
            return await ListPagesAsync(options, limits.PageSize, ct).ConfigureAwait(false);
        }
        catch (ContinueExpiredException)
        {
            // The pages do not share a version. Start over with everything in one page, which cannot expire midway.
        }

        try
        {
            return await ListPagesAsync(options, pageSize: null, ct).ConfigureAwait(false);
        }
        catch (ContinueExpiredException)
        {
            throw new KubeProtocolException(
                "the server splits a list that was requested in one page, and its pages are of two states. "
                + "To fix: check the server, and a proxy in front of it.");
        }
    }

    private async Task<WatchEvent<T>.Listed> ListPagesAsync(ListOptions options, int? pageSize, CancellationToken ct)
    {
        var collected = new Collected(limits, options.IsHeld ? held : null);
        string? version = null;
        string? earlier = null;
        var next = "";
        for (int pages = 1, mark = 1; ; pages++)
        {
            var before = collected.Count;
            var page = await ReadPageAsync(paths.List(options, pageSize, next), next.Length > 0, options.Evidence, collected, ct)
                .ConfigureAwait(false);
            var read = decoders.CheckedVersion(page.ResourceVersion, "a list");
            if (read != (version ??= read))
            {
                throw new ContinueExpiredException(); // Pages of two states do not make a list.
            }

            if (page.Continue.Length == 0)
            {
                return collected.ToList(version);
            }

            progress.Note(collected.Count - before);

            // One earlier token, replaced after 1, 2, 4, 8 … pages, finds a cycle of any length: R. P. Brent, BIT 20 (1980).
            if (page.Continue == next || page.Continue == earlier)
            {
                throw NoEnd("the server repeats a continue token", "check the server, and a proxy in front of it");
            }

            if (page.Continue.Length > limits.MaxContinueLength)
            {
                throw new KubeProtocolException(
                    $"the server sent a continue token of more than {limits.MaxContinueLength} characters. "
                    + "To fix: check the server, and a proxy in front of it, or raise "
                    + $"{nameof(WireLimits)}.{nameof(WireLimits.MaxContinueLength)}.");
            }

            next = page.Continue;
            if (pages == mark)
            {
                (earlier, mark) = (next, 2 * mark);
            }

            if (pages >= limits.MaxPages)
            {
                throw NoEnd(
                    $"after {progress.PagesText}, the server still announces more",
                    $"raise {nameof(WireLimits)}.{nameof(WireLimits.PageSize)} or {nameof(WireLimits)}.{nameof(WireLimits.MaxPages)}");
            }

            if (progress.EmptyInARow > limits.EmptyPagesAtOnce)
            {
                var wait = WaitAfter(progress.EmptyInARow - limits.EmptyPagesAtOnce);
                await Observable.Timer(wait, scheduler).ToTask(ct).ConfigureAwait(false);
            }
        }
    }

    private static TimeSpan WaitAfter(int emptyPages)
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(emptyPages - 1, 10));
        return wait < LongestWait ? wait : LongestWait;
    }

    private static KubeProtocolException NoEnd(string why, string fix) => new($"the list has no end: {why}. To fix: {fix}.");

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
            using var timer = scheduler.Schedule(limits.MaxPageTime, () => RequestSender.TryCancel(limit));
            try
            {
                using var body = await ResponseBody.OpenAsync(response, WatchEvidence.NotesOf(evidence), limit.Token).ConfigureAwait(false);
                var decoder = decoders.For(response);
                return await decoder.Format.ReadListAsync(body, limits, item => collected.Add(item, decoder), limit.Token)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new KubeTransportException(
                    $"a page of the list did not arrive completely within {limits.MaxPageTime.TotalSeconds:0.###} s. "
                    + $"To fix: lower {nameof(WireLimits)}.{nameof(WireLimits.PageSize)}, check the network, or raise "
                    + $"{nameof(WireLimits)}.{nameof(WireLimits.MaxPageTime)}.");
            }
        }
    }

    /// <summary>The items of the pages so far.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="held">What the list replaces; null if the list is not held.</param>
    private sealed class Collected(WireLimits limits, RetainedObjects? held)
    {
        private readonly ListedObjects _listed = new(limits);
        private readonly ImmutableArray<T>.Builder _items = ImmutableArray.CreateBuilder<T>();
        private readonly ImmutableArray<SkippedObject>.Builder _skipped = ImmutableArray.CreateBuilder<SkippedObject>();

        public int Count => _items.Count + _skipped.Count;

        public void Add(ReadOnlySpan<byte> item, EventDecoder<T> decoder)
        {
            _listed.Count(item.Length);
            var isDecoded = decoder.TryDecodeItem(item, out var value, out var skipped);
            if (isDecoded)
            {
                _items.Add(value!);
            }
            else
            {
                _skipped.Add(skipped!);
            }

            if (held is not null)
            {
                _listed.Note(isDecoded ? decoder.KeyOf(value!, item) : skipped!.Key, item.Length, isSkipped: !isDecoded);
            }
        }

        public WatchEvent<T>.Listed ToList(string version)
        {
            held?.Replace(_listed);
            return new(_items.DrainToImmutable(), version) { SkippedItems = _skipped.DrainToImmutable() };
        }
    }

    private sealed class ContinueExpiredException : Exception;
}
