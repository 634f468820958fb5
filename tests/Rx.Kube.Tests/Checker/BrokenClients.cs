using System.IO.Pipelines;
using System.Reactive.Linq;
using Rx.Kube.Models;
using Event = Rx.Kube.WatchEvent<Rx.Kube.Models.EndpointSlice>;
using Events = System.IObservable<Rx.Kube.WatchEvent<Rx.Kube.Models.EndpointSlice>>;

namespace Rx.Kube.Tests.Checker;

/// <summary>
/// Clients that each lack one safeguard or have one defect. The checker must find each of them. The first ones are the real client without
/// one of its rules; the others have a defect in front of it or behind it.
/// </summary>
internal static class BrokenClients
{
    public static IEnumerable<CheckedClient> All =>
    [
        .. Rules.Select(r => new CheckedClient("no " + r.Name) { Rules = r.Rules }),
        .. Options.Select(o => new CheckedClient(o.Name) { Configure = o.Configure }),
        .. Sources.Select(s => new CheckedClient(s.Name) { Source = (source, _) => s.Wrap(source) }),
        .. Streams.Select(s => new CheckedClient(s.Name) { Stream = s.Wrap }),
        .. Folds.Select(f => new CheckedClient(f.Name) { Fold = f.Wrap }),
        .. Handlers.Select(h => new CheckedClient(h.Name) { Handler = h.Wrap }),
    ];

    private static IEnumerable<(string Name, ResumeRules Rules)> Rules
    {
        get
        {
            var rules = ResumeRules.Default;
            return
            [
                (nameof(rules.GuardsVersions), rules with { GuardsVersions = false }),
                (nameof(rules.CursorOnlyGrows), rules with { GuardsVersions = false, CursorOnlyGrows = false }),
                (nameof(rules.BookmarksMoveCursor), rules with { BookmarksMoveCursor = false }),
                (nameof(rules.ChecksListVersions), rules with { ChecksListVersions = false }),
                (nameof(rules.RefusesUndecodableLists), rules with { RefusesUndecodableLists = false }),
                (nameof(rules.EndsSilentWatches), rules with { EndsSilentWatches = false }),
                (nameof(rules.EndsOverdueWatches), rules with { EndsOverdueWatches = false }),
                (nameof(rules.CountsInstantCloses), rules with { CountsInstantCloses = false }),
                (nameof(rules.WaitsGrow), rules with { WaitsGrow = false }),
                (nameof(rules.WaitsStartOver), rules with { WaitsStartOver = false }),
                (nameof(rules.RepeatedExpiryBacksOff), rules with { RepeatedExpiryBacksOff = false }),
                (nameof(rules.ListsAfterExpiry), rules with { ListsAfterExpiry = false }),
                (nameof(rules.ListsAfterStreamErrors), rules with { ListsAfterStreamErrors = false }),
                (nameof(rules.RelistsNotOlder), rules with { RelistsNotOlder = false }),
                (nameof(rules.FallsBackToMostRecent), rules with { FallsBackToMostRecent = false }),
                (nameof(rules.HonoursRetryAfter), rules with { HonoursRetryAfter = false }),
                (nameof(rules.Spreads), rules with { Spreads = false }),
                (nameof(rules.FailsOnlyAtFirst), rules with { FailsOnlyAtFirst = false }),
                (nameof(rules.ReportsInterruptions), rules with { ReportsInterruptions = false }),
                (nameof(rules.ResumedNeedsProof), rules with { ResumedNeedsProof = false }),
                (nameof(rules.Audits), rules with { Audits = false }),
                (nameof(rules.ReportsLateAnswers), rules with { ReportsLateAnswers = false }),
                ("grace", rules with { Grace = TimeSpan.Zero }),
                ("short grace", rules with { Grace = TimeSpan.FromSeconds(5) }),
            ];
        }
    }

    private static IEnumerable<(string Name, Func<ResumeOptions, ResumeOptions> Configure)> Options =>
    [
        ("waits without growth", o => o with { Backoff = o.Backoff with { Factor = 1 } }),
        ("waits of ten milliseconds", o => o with
        {
            Backoff = new() { Initial = TimeSpan.FromMilliseconds(10), Max = TimeSpan.FromMilliseconds(10) },
        }),
        ("waits of a minute", o => o with { Backoff = new() { Initial = TimeSpan.FromMinutes(1), Max = TimeSpan.FromMinutes(1) } }),
        ("first list from the cache, unasked", o => o with { FirstListFromCache = true }),
        ("watches of a day", o => o with { WatchTimeout = TimeSpan.FromDays(0.4), SilenceTimeout = TimeSpan.FromDays(1) }),
    ];

    private static IEnumerable<(string Name, Func<IWatchable<EndpointSlice>, IWatchable<EndpointSlice>> Wrap)> Sources =>
    [
        ("loses the last event of a watch that ends", s => new Wrapped(s) { Change = w => w.SkipLast(1) }),
        ("takes an unexpected end for a clean one and starts over from an item", s => new Wrapped(s) { From = FromItem }),
        ("watches again from the list", s => new Wrapped(s) { From = FromList }),
        ("lists without the items of a page", s => new Wrapped(s) { List = l => l with { Items = [.. l.Items.Take(2)] } }),
        ("believes any list to be recent", s => new Wrapped(s) { Ask = _ => ListOptions.MostRecent }),
        ("takes deletions for changes", s => new Wrapped(s)
        {
            Change = w => w.Select(e => e is Event.Deleted d ? new Event.Modified(d.Object, d.ResourceVersion) : e),
        }),
        ("takes an expired version for a break", s => new Wrapped(s)
        {
            Change = w => w.Catch<Event, KubeStatusException>(
                e => e.IsGone ? Observable.Throw<Event>(new IOException("broken")) : Observable.Throw<Event>(e)),
        }),
        ("retries a watch at once, by itself", s => new Wrapped(s) { Change = w => w.Repeat(3) }),
        ("never notices a broken watch", s => new Wrapped(s)
        {
            Change = w => w.Catch<Event, Exception>(_ => Observable.Never<Event>()),
        }),
        ("takes a clean close for silence", s => new Wrapped(s) { Change = w => w.Concat(Observable.Never<Event>()) }),
    ];

    private static IEnumerable<(string Name, Func<Events, Events> Wrap)> Streams =>
    [
        ("never says Interrupted", s => s.Where(e => e is not (Event.Interrupted or Event.Resumed))),
        ("never says Resumed", s => s.Where(e => e is not Event.Resumed)),
        ("says Resumed with every interruption", s => s.SelectMany(e => e is Event.Interrupted
            ? new[] { e, new Event.Resumed() } : [e])),
        ("delivers every event twice", s => s.SelectMany(e => StreamFold.ObjectOf(e) is null ? [e] : new[] { e, e })),
        ("publishes a list twice", s => s.SelectMany(e => e is Event.Listed ? new[] { e, e } : [e])),
        ("publishes a list in two parts", s => s.SelectMany(e => e is Event.Listed { Items: [_, _, ..] items } l
            ? new[] { l with { Items = [.. items.Take(1)] }, e } : [e])),
        ("forgets deletions", s => s.Where(e => e is not Event.Deleted)),
        ("delivers two events in the other order", s => s.Buffer(2).SelectMany(b => b.Reverse())),
        ("does not say that the server went back", s => s.Select(e => e is Event.Listed { Continuity: Continuity.WentBack } l
            ? l with { Continuity = Continuity.Relisted } : e)),
        ("hides what cannot be decoded", s => s.Where(e => e is not Event.Skipped)),
        ("completes when the server closes", s => s.TakeWhile(e => e is not Event.Interrupted)),
        ("delivers what it was not asked for", s => s.Select(e => e is Event.Added a
            ? a with { Object = a.Object with { Metadata = a.Object.Metadata with { Namespace = "elsewhere" } } } : e)),
        ("fails when the server refuses later", s => s.SelectMany(e => e is Event.Interrupted
            { Interruption: { Kind: InterruptionKind.Forbidden, Error: { } error } }
            ? Observable.Throw<Event>(error) : Observable.Return(e))),
    ];

    private static IEnumerable<(string Name, Func<Events, IObservable<ClusterTopology>> Wrap)> Folds =>
    [
        ("folds bookmarks into snapshots of nothing", s => s.Select(e => e is Event.Bookmark b
            ? new Event.Listed([], b.ResourceVersion) : e).ToClusterTopology()),
        ("folds a list into what was there", s => s.Scan(
            (Listed: false, Event: (Event?)null),
            (x, e) => (x.Listed || e is Event.Listed, x.Listed && e is Event.Listed ? null : e))
            .Where(x => x.Event is not null).Select(x => x.Event!).ToClusterTopology()),
        ("shows stale snapshots as live", s => s.Where(e => e is not Event.Interrupted).ToClusterTopology()),
        ("shows an unknown state as empty", s => s.StartWith(new Event.Listed([], "1")).ToClusterTopology()),
        ("forgets the last good state of what cannot be decoded", s => s.Select(e => e is Event.Skipped skipped
            ? skipped with { IsDeletion = true } : e).ToClusterTopology()),
        ("lets every second snapshot go", s => s.ToClusterTopology().Where((_, i) => i % 2 == 0)),
        ("shows a snapshot late", s => s.ToClusterTopology().SkipLast(1)),
        ("forgets one endpoint of a Service", s => s.Select(e => e is Event.Modified m
            ? m with { Object = m.Object with { Endpoints = [.. m.Object.Endpoints.Take(1)] } } : e).ToClusterTopology()),
    ];

    private static IEnumerable<(string Name, Func<HttpMessageHandler, HttpMessageHandler> Wrap)> Handlers =>
    [
        ("makes no second try after 401", h => new NoSecondTry { InnerHandler = h }),
        ("accepts pages of two versions", h => new OneVersion { InnerHandler = h }),
        ("asks for a version beside the token", h => new Rewritten(u => u.Contains("continue=", StringComparison.Ordinal)
            ? u + "&resourceVersion=100" : u) { InnerHandler = h }),
        ("asks for no bookmarks", h => new Rewritten(u => u.Replace("&allowWatchBookmarks=true", "", StringComparison.Ordinal))
            { InnerHandler = h }),
        ("ignores the selector", h => new Rewritten(u => u.Replace("labelSelector=", "ignored=", StringComparison.Ordinal))
            { InnerHandler = h }),
        ("leaves requests open after disposal", h => new Deaf { InnerHandler = h }),
    ];

    private static WatchOptions FromItem(WatchOptions options, Event.Listed? list) =>
        list is { Items: [.., var item] } && list.ResourceVersion == options.FromVersion
            ? options with { FromVersion = item.Metadata.ResourceVersion } : options;

    private static WatchOptions FromList(WatchOptions options, Event.Listed? list) =>
        list is null ? options : options with { FromVersion = list.ResourceVersion };

    /// <summary>A collection with a defect.</summary>
    private sealed class Wrapped(IWatchable<EndpointSlice> inner) : IWatchable<EndpointSlice>
    {
        private Event.Listed? _list;

        public Func<Events, Events> Change { get; init; } = w => w;

        public Func<Event.Listed, Event.Listed> List { get; init; } = l => l;

        public Func<ListOptions, ListOptions> Ask { get; init; } = o => o;

        public Func<WatchOptions, Event.Listed?, WatchOptions> From { get; init; } = (o, _) => o;

        IObservable<Event.Listed> IWatchable<EndpointSlice>.List(ListOptions options) =>
            inner.List(Ask(options)).Select(l => _list = List(l));

        public Events Watch(WatchOptions options) => Change(inner.Watch(From(options, _list)));
    }

    /// <summary>Answers the request after a 401 from memory.</summary>
    private sealed class NoSecondTry : DelegatingHandler
    {
        private bool _refused;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_refused)
            {
                _refused = false;
                return new(System.Net.HttpStatusCode.Unauthorized) { Content = new StringContent("") };
            }

            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            _refused = response.StatusCode == System.Net.HttpStatusCode.Unauthorized;
            return response;
        }
    }

    /// <summary>Gives all pages the version of the first.</summary>
    private sealed class OneVersion : DelegatingHandler
    {
        private const string Key = "\"EndpointSliceList\",\"apiVersion\":\"discovery.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"";
        private string _version = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var uri = request.RequestUri!.Query;
            if (uri.Contains("watch=true", StringComparison.Ordinal) || (int)response.StatusCode != 200)
            {
                return response;
            }

            var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            response.Dispose();
            var at = text.IndexOf(Key, StringComparison.Ordinal);
            if (at >= 0)
            {
                at += Key.Length;
                var version = text[at..text.IndexOf('"', at)];
                if (!uri.Contains("continue=", StringComparison.Ordinal))
                {
                    _version = version;
                }

                text = text[..at] + _version + text[(at + version.Length)..];
            }

            return new(response.StatusCode) { Content = new StringContent(text) };
        }
    }

    /// <summary>Sends other requests than it should.</summary>
    private sealed class Rewritten(Func<string, string> rewrite) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(rewrite(request.RequestUri!.OriginalString));
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Does not hear that a request is cancelled, and does not close what is disposed.</summary>
    private sealed class Deaf : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false);
            response.Content = new StreamContent(PipeReader.Create(stream, new(leaveOpen: true)).AsStream());
            return response;
        }
    }
}
