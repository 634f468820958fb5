using System.Globalization;
using System.Reactive.Linq;
using System.Text;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>
/// A day of virtual time with the default options, over scripted HTTP: what was sent, and when. The reports in Golden are part of the
/// review of each change of timing; <c>RXKUBE_UPDATE_GOLDEN=1 dotnet test</c> writes them.
/// </summary>
public sealed class DayTests
{
    private const long Hour = 3_600_000;

    private readonly VirtualClock _clock = new(new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));

    // The selection decides: slices of a namespace are streamed, those of one Service are listed.
    [Theory]
    [InlineData("streamed", null)]
    [InlineData("listed", "cache")]
    public void In_a_day_of_a_healthy_server_nothing_is_interrupted_and_each_request_has_its_time(string name, string? service)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        using var server = new HealthyServer(_clock, seed: 24);
        var http = new ScriptedHttp(_clock) { Answer = server.Answer };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = _clock });
        List<WatchEvent<EndpointSlice>> events = [];
        var (last, stale, notLiveSince) = ((ResourceStore<EndpointSlice>?)null, 0L, (long?)null);
        using (connection.EndpointSlices(service: service).Resume(new() { Random = RandomSource.Seeded(12) }, _clock)
            .Do(events.Add)
            .ToStore(s => s.Metadata)
            .Subscribe(store =>
            {
                last = store;
                stale += _clock.Frame() - (notLiveSince ?? _clock.Frame());
                notLiveSince = store.Freshness is Freshness.Stale ? _clock.Frame() : null;
            }))
        {
            _clock.AdvanceTo(TimeSpan.FromDays(1));
        }

        var sent = Kinds(http.Requests);
        var isStreamed = service is null;
        Assert.Equal(isStreamed ? 0 : 1, sent.Count(s => s.Kind == "list"));
        Assert.Equal(isStreamed ? 1 : 0, sent.Count(s => s.Kind == "streaming list"));

        // A watch lives for 5 to 10 minutes, and an audit comes every 15 to 45.
        Assert.InRange(sent.Count(s => s.Kind == "watch"), 144, 288);
        Assert.InRange(sent.Count(s => s.Kind == "audit"), 32, 96);
        Assert.Equal(0, stale);
        Assert.Single(events.OfType<WatchEvent<EndpointSlice>.Listed>());
        Assert.DoesNotContain(events, e => e is WatchEvent<EndpointSlice>.Interrupted or WatchEvent<EndpointSlice>.Resumed);

        // The client is never without a watch, and never has two.
        var watches = sent.Where(s => s.Kind is "watch" or "streaming list").Select(s => s.Request).ToList();
        Assert.All(watches.Zip(watches.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Frame));
        Assert.Equal(Versions(server.Slices), Versions(last!.Values));
        Matches($"day-{name}.txt", Report(isStreamed, sent, server));
    }

    private static IEnumerable<string> Versions(IEnumerable<EndpointSlice> slices) =>
        slices.Select(s => $"{s.Metadata.Name}@{s.Metadata.ResourceVersion}").Order(StringComparer.Ordinal);

    /// <summary>What each request was for. A list beside an open watch is one of an audit.</summary>
    private static List<(string Kind, ScriptedRequest Request)> Kinds(IReadOnlyList<ScriptedRequest> requests)
    {
        List<(string Kind, ScriptedRequest Request)> kinds = [];
        foreach (var request in requests)
        {
            var isWatched = kinds.Any(k => k.Kind is "watch" or "streaming list" && k.Request.End > request.Frame);
            kinds.Add((
                request.Query("sendInitialEvents") == "true" ? "streaming list"
                : request.Query("watch") is not null ? "watch"
                : isWatched ? "audit" : "list",
                request));
        }

        return kinds;
    }

    private static string Report(bool isStreamed, List<(string Kind, ScriptedRequest Request)> sent, HealthyServer server)
    {
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture, $"""
            A day of one client with the default options, {(isStreamed ? "whose lists are streamed" : "whose lists are not streamed")}.
            The server is in good health; an object changes every 40 s on average.

            The first hour: the time of each request, how long it was open, and what it brought.

            """);
        foreach (var (kind, request) in sent.TakeWhile(s => s.Request.Frame < Hour))
        {
            var open = (request.End!.Value - request.Frame) / 1_000.0;
            var what = kind switch
            {
                "watch" => $"watch from {request.Query("resourceVersion")} for {request.Query("timeoutSeconds")} s",
                "streaming list" => $"streaming list for {request.Query("timeoutSeconds")} s",
                _ => kind,
            };
            var (at, brought) = (TimeSpan.FromMilliseconds(request.Frame), server.SentTo(request).ToString());
            report.Append(CultureInfo.InvariantCulture, $"{at:hh\\:mm\\:ss\\.fff}  {what,-26} {open,9:0.000} s")
                .Append(brought.Length > 0 ? $"  {brought}" : "").Append('\n');
        }

        report.Append("\nEach hour: requests, and what they brought.\n");
        report.Append("hour   lists  streaming lists  watches  audits  events  bookmarks\n");
        foreach (var hour in Enumerable.Range(0, 24))
        {
            report.Append(Row($"{hour,4}", [.. sent.Where(s => s.Request.Frame / Hour == hour)], server));
        }

        return report.Append(Row(" day", sent, server)).ToString();
    }

    private static string Row(string name, List<(string Kind, ScriptedRequest Request)> sent, HealthyServer server)
    {
        int Count(string kind) => sent.Count(s => s.Kind == kind);
        var brought = sent.Select(s => server.SentTo(s.Request)).ToList();
        return $"{name}  {Count("list"),6}  {Count("streaming list"),15}  {Count("watch"),7}  {Count("audit"),6}  "
            + $"{brought.Sum(b => b.Events),6}  {brought.Sum(b => b.Bookmarks),9}\n";
    }

    private static void Matches(string file, string report)
    {
        var path = Repository.PathOf($"tests/Rx.Kube.Tests/EndToEnd/Golden/{file}");
        if (Environment.GetEnvironmentVariable("RXKUBE_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, report);
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == report,
            $"{path} differs from what was sent. To fix: if that is intended, set RXKUBE_UPDATE_GOLDEN=1, run it, and review the file");
    }
}
