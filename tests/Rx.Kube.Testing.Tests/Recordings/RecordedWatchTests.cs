using System.Reactive.Concurrency;
using Rx.Kube.Models;

namespace Rx.Kube.Testing.Tests.Recordings;

/// <summary>The recorded server: what it answers, and when.</summary>
public sealed class RecordedWatchTests
{
    private static readonly EndpointSlice _slice = Slice.Of("cache-abc", service: "cache", version: 17).With("cache-0", "10.0.0.1");

    /// <summary>A list after 1 s, a change after 2 s, a gap from 3 s to 5 s, a change after 6 s, a new list after 8 s.</summary>
    private static readonly string[] _incident =
    [
        """{"format":"rxkube-recording","version":"1.0","started":"2026-11-27T03:04:05Z"}""",
        Line(1, "LIST", $$"""{"metadata":{"resourceVersion":"17"},"items":[{{SliceJson.Of(_slice)}}]}"""),
        Line(2, "MODIFIED", SliceJson.Of(_slice.At(18).With("cache-1", "10.0.0.2"))),
        """{"at":4,"type":"GAP","cause":"Unreachable","message":"connection refused","since":2,"failed":3,"retryAfter":1}""",
        """{"at":5,"type":"RESUMED"}""",
        Line(6, "MODIFIED", SliceJson.Of(_slice.At(19))),
        Line(8, "LIST", """{"metadata":{"resourceVersion":"30"},"items":[]}"""),
    ];

    private static readonly Dictionary<char, WatchEvent<EndpointSlice>> _events = new()
    {
        ['o'] = WatchEvents.Opened<EndpointSlice>(),
        ['m'] = _slice.At(18).With("cache-1", "10.0.0.2").Modified(),
        ['n'] = _slice.At(19).Modified(),
    };

    [Theory]
    [ClassData(typeof(Clocks))]
    public void A_list_is_the_state_of_its_time_and_waits_for_the_first_list_and_the_end_of_a_gap(string clockName)
    {
        var clock = Clocks.New(clockName);
        var server = Recording.Parse(string.Join('\n', _incident)).ToWatchable<EndpointSlice>(clock);
        var seen = new List<(long Frame, string Version, string Members)>();
        foreach (var at in (int[])[0, 1500, 2500, 3500, 4500, 6500, 9000])
        {
            clock.ScheduleAbsolute(at * VirtualTime.TicksPerFrame, () => server.List(ListOptions.MostRecent).Subscribe(list => seen.Add((
                clock.Clock / VirtualTime.TicksPerFrame, list.ResourceVersion,
                string.Join(' ', list.Items.SelectMany(i => i.Endpoints).Select(e => e.TargetRef!.Name))))));
        }

        clock.Start();
        Assert.Equal(
            [
                (1000, "17", "cache-0"), (1500, "17", "cache-0"), (2500, "18", "cache-0 cache-1"), (5000, "18", "cache-0 cache-1"),
                (5000, "18", "cache-0 cache-1"), (6500, "19", "cache-0"), (9000, "30", ""),
            ],
            seen);
    }

    [Fact]
    public void A_watch_has_the_events_after_its_version_until_the_gap_and_waits_in_it()
    {
        var clock = new VirtualClock();
        var server = Recording.Parse(string.Join('\n', _incident)).ToWatchable<EndpointSlice>(clock);
        server.List(ListOptions.MostRecent).Subscribe(); // starts the time
        var first = clock.Expect(server.Watch(new("17")), "1s ^");
        var late = clock.Expect(server.Watch(new("17")), "2500ms ^");
        var within = clock.Expect(server.Watch(new("18")), "3500ms ^");
        var after = clock.Expect(server.Watch(new("17")), "7s ^");

        MarbleErrors refused = new KubeTransportException("connection refused");
        first.ToBe("1s o 999ms m 999ms #", _events, refused);
        late.ToBe("2500ms [om] 499ms #", _events, refused);
        const string news = "the recording has a new list";
        MarbleErrors gone = new KubeStatusException($"410 Expired: {news}", new KubeStatus(410, "Expired", news, []));
        within.ToBe("5s o 999ms n 1999ms #", _events, gone);
        after.ToBe("7s [omn] 999ms #", _events, gone);
    }

    [Theory]
    [InlineData("16", 1500)]
    [InlineData("19", 9000)]
    [InlineData("18", 1500)]
    public void A_watch_from_a_version_before_the_list_or_not_reached_yet_is_gone(string version, int at)
    {
        var clock = new VirtualClock();
        var server = Recording.Parse(string.Join('\n', _incident)).ToWatchable<EndpointSlice>(clock);
        Exception? error = null;
        server.List(ListOptions.MostRecent).Subscribe();
        clock.ScheduleAbsolute(at * VirtualTime.TicksPerFrame, () => server.Watch(new(version)).Subscribe(_ => { }, e => error = e));
        clock.AdvanceTo(at * VirtualTime.TicksPerFrame);
        Assert.True(Assert.IsType<KubeStatusException>(error).IsGone);
    }

    [Fact]
    public void An_incident_is_a_test_of_a_whole_client_in_virtual_time()
    {
        var clock = new VirtualClock();
        var cache = Recording.Parse(string.Join('\n', _incident)).ToWatchable<EndpointSlice>(clock)
            .Resume(ResumeOptions.WithoutJitter, clock).ToTopology(new ServiceName("default", "cache"));
        var seen = new List<string>();
        cache.Subscribe(t => seen.Add(
            $"{clock.Clock / VirtualTime.TicksPerFrame} {t.Freshness} {t.Version} {string.Join(' ', t.Members)}"));
        clock.AdvanceBy(TimeSpan.FromMinutes(1).Ticks);
        Assert.Equal(
            [
                "1000 live 17 cache-0", "2000 live 18 cache-0 cache-1", "4000 stale 18 cache-0 cache-1", "6000 live 18 cache-0 cache-1",
                "6000 live 19 cache-0",
            ],
            seen.Take(5));
        Assert.EndsWith(" live 30 ", seen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_without_a_list_is_no_server() => Assert.Contains(
        "The recording has no complete list",
        Assert.Throws<InvalidOperationException>(() => Recording.Parse(_incident[0] + "\n").ToWatchable<EndpointSlice>()).Message,
        StringComparison.Ordinal);

    private static string Line(int at, string type, string json) => $$"""{"at":{{at}},"type":"{{type}}","object":{{json}}}""";
}
