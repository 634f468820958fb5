using System.Globalization;
using System.Reactive.Concurrency;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Doctor;

/// <summary>
/// Examines watches: whether they are allowed, whether events arrive at once, bookmarks, streaming lists, and how long a watch stays open.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="service">The Service; its name may be empty.</param>
/// <param name="settings">What to examine.</param>
/// <param name="scheduler">The clock.</param>
/// <param name="progress">Receives what takes a while.</param>
/// <param name="checks">Receives the checks.</param>
internal sealed class WatchChecks(
    KubeConnection connection, ServiceName service, DoctorSettings settings, IScheduler scheduler, Action<string> progress,
    List<Check> checks)
{
    /// <summary>The lifetime of the short watch: a proxy that buffers passes its events on at its end.</summary>
    private static readonly TimeSpan _short = TimeSpan.FromSeconds(5);

    /// <summary>The most time until the first event of a watch that has some.</summary>
    private static readonly TimeSpan _prompt = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(5);

    /// <summary>How much longer a watch may live than it is looked at, so that its end is not the server's.</summary>
    private static readonly TimeSpan _margin = TimeSpan.FromMinutes(1);

    /// <summary>Examines.</summary>
    /// <param name="list">The list before; null if there is none.</param>
    /// <param name="identity">Who the user is; null if unknown.</param>
    /// <param name="ct">Ends the examination.</param>
    public async Task RunAsync(WatchEvent<EndpointSlice>.Listed? list, SelfIdentity? identity, CancellationToken ct)
    {
        // The slices of the namespace, if the Service has none: there must be something that can arrive.
        var slices = list?.Items.Length > 0 ? ListChecks.Slices(connection, service, settings)
            : connection.EndpointSlices(service.Namespace, limits: WatchSources.Limits);
        var streams = await TrialAsync(slices, new WatchOptions("") { SendInitialEvents = true, Timeout = _short }, ct)
            .ConfigureAwait(false);

        // 422: without the feature; 400: before it.
        var first = streams.Refusal is { Status.Code: 400 or 422 }
            ? await TrialAsync(slices, new WatchOptions("0") { Timeout = _short }, ct).ConfigureAwait(false)
            : streams;
        if (first.Refusal is { } refusal)
        {
            checks.Add(refusal is KubeForbiddenException forbidden
                ? Permissions.Missing("watch", forbidden.Permission, identity, forbidden.Status.Message)
                : refusal.Status.Code == 401 ? throw refusal : Check.Failed("watch", refusal));
            return;
        }

        checks.Add(Delivery(first, isSomethingExpected: streams.InitialEnd is not null || list?.Items.Length > 0));
        checks.Add(new("streaming-lists", CheckState.Ok, streams.InitialEnd is not null
            ? "served" : "not served; lists are read page by page")
        {
            Facts = json => json.WriteBoolean("served", streams.InitialEnd is not null),
        });
        var isDelivered = !checks[^2].IsFinding;
        var (stays, bookmarks) = isDelivered && settings.For > TimeSpan.Zero && list is not null
            ? await StaysAsync(slices, list.ResourceVersion, ct).ConfigureAwait(false)
            : (new Check("long-watch", CheckState.Unknown, "not tried; --for 90s does"), 0);
        bookmarks += first.Bookmarks;
        checks.Add(bookmarks > 0
            ? new("bookmarks", CheckState.Ok, HumanFormat.Count(bookmarks, "bookmark") + " seen")
            : new("bookmarks", CheckState.Unknown,
                "none seen; a server sends one about every minute while something changes (--for 90s waits for it)"));
        checks.Add(stays);
    }

    private Task<WatchTrial> TrialAsync(IWatchable<EndpointSlice> slices, WatchOptions options, CancellationToken ct) =>
        WatchTrial.RunAsync(slices, options, _short + _grace, scheduler, ct);

    private static Check Delivery(WatchTrial trial, bool isSomethingExpected)
    {
        const string Fix = "turn buffering off for this path in the proxy or load balancer between (nginx: proxy_buffering off), " +
            "or go around it";
        return trial switch
        {
            { Error: { } error, FirstEvent: null } => Check.Failed("watch", error),
            { FirstEvent: { } at } when at > _prompt => new("watch", CheckState.Problem,
                $"something between holds the events of a watch back: those that a server sends at once arrived after {Seconds(at)}", Fix),
            { FirstEvent: { } at } => new("watch", CheckState.Ok, $"allowed; events arrive after {PathChecks.Milliseconds(at)}"),
            { Opened: null } => new("watch", CheckState.Problem,
                $"something between holds a watch back: within {Seconds(_short + _grace)} nothing of it arrived, not even its headers",
                Fix),
            { Opened: { } at } when at > _prompt => new("watch", CheckState.Problem,
                $"something between holds a watch back: its headers arrived after {Seconds(at)}", Fix),
            _ when isSomethingExpected => new("watch", CheckState.Problem,
                $"something between holds the events of a watch back: within {Seconds(_short + _grace)} only its headers arrived", Fix),
            _ => new("watch", CheckState.Ok, "allowed; there is nothing that could arrive"),
        };
    }

    private async Task<(Check Check, int Bookmarks)> StaysAsync(
        IWatchable<EndpointSlice> slices, string version, CancellationToken ct)
    {
        progress($"keeping a watch open for {HumanFormat.Span(settings.For)} (--for)");
        var first = await OpenAsync(slices, version, ct).ConfigureAwait(false);
        if (first.Ended is not { } end)
        {
            return (new("long-watch", CheckState.Ok, $"a watch stayed open for {HumanFormat.Span(settings.For)}")
            {
                Facts = json => json.WriteNumber("seconds", settings.For.TotalSeconds),
            }, first.Bookmarks);
        }

        if (first.Refusal is { } refusal)
        {
            return (Check.Failed("long-watch", refusal), first.Bookmarks);
        }

        progress($"the watch was cut after {Seconds(end)}; trying once more");
        var second = await OpenAsync(slices, version, ct).ConfigureAwait(false);
        var how = first.Error is null ? "ended cleanly" : "broke";
        var check = second.Ended is { } again
            ? new Check("long-watch", CheckState.Problem,
                $"something between cuts long requests: two watches {how}, after {Seconds(end)} and {Seconds(again)}, " +
                $"and the server was asked for {Seconds(settings.For + _margin)}",
                "raise the timeout of requests (or of idle connections) in the load balancer or proxy to more than 10 minutes " +
                "(nginx: proxy_read_timeout; AWS: idle timeout); until then, each cut is a new watch")
            : new("long-watch", CheckState.Ok, $"one watch {how} after {Seconds(end)}, and the next one stayed open for " +
                $"{HumanFormat.Span(settings.For)}: probably a restart of a server");
        return (check with { Facts = json => json.WriteNumber("seconds", Math.Round(end.TotalSeconds, 1)) },
            first.Bookmarks + second.Bookmarks);
    }

    private Task<WatchTrial> OpenAsync(IWatchable<EndpointSlice> slices, string version, CancellationToken ct) =>
        WatchTrial.RunAsync(slices, new WatchOptions(version) { Timeout = settings.For + _margin }, settings.For, scheduler, ct);

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");
}
