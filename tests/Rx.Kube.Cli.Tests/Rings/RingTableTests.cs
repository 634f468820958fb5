using System.Reactive;
using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Rings;

public class RingTableTests
{
    private static readonly Endpoint[] _pods =
        [Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", zone: "b"), Pod("cache-2", "10.0.0.3", zone: null)];

    private static readonly (double, WatchEvent<EndpointSlice>)[] _scenario =
    [
        (0, Listed("10", _pods)),
        (20, Modified("11", [.. _pods[1..], Pod("cache-3", "10.0.0.4", zone: "c")])),
        (22, Modified("12", [.. _pods[1..], Pod("cache-3", "10.0.0.4", zone: "c"), Pod("cache-4", "10.0.0.5")])),
    ];

    [Fact]
    public void A_live_ring_equals_its_golden_file() => Golden.Matches("ring-live-80x24.txt", Draw(_scenario, 24.5, 80, 24));

    /// <summary>
    /// Compares the picture in docs/hashing.md with the output of the tool. <c>RXKUBE_UPDATE_GOLDEN=1 dotnet test</c> redraws it.
    /// </summary>
    [Fact]
    public void The_picture_in_the_documentation_equals_the_output_of_the_tool()
    {
        Endpoint[] pods = [.. Enumerable.Range(0, 6).Select(i => Pod($"cache-{i}", $"10.244.{i}.{i + 17}", zone: $"zone-{"abc"[i % 3]}"))];
        (double, WatchEvent<EndpointSlice>)[] scenario =
            [(0, Listed("40712", pods[..5])), (252, Modified("41377", pods)), (306, Modified("41391", [.. pods[..2], .. pods[3..]]))];
        var path = Path.Combine(Repository.Root, "docs", "images", "ring.svg");
        Golden.MatchesFile(path, SvgPicture.Of(Lines(scenario, 309, 92, 18), 92, "rxkube ring cache -n prod"));
    }

    [Fact]
    public void A_narrow_screen_has_a_short_bar() => Golden.Matches("ring-live-48x16.txt", Draw(_scenario, 26, 48, 16));

    [Fact]
    public void A_stale_ring_has_its_age_and_the_cause() => Golden.Matches("ring-stale-80x24.txt", Draw(
        [
            .. _scenario, (30, Interrupted(FakeHost.Start.AddSeconds(30), 8)),
            (31, Interrupted(FakeHost.Start.AddSeconds(31), 8, since: FakeHost.Start.AddSeconds(30))),
        ],
        33.3, 80, 24));

    [Fact]
    public void Before_the_first_snapshot_the_table_waits_for_a_list() =>
        Assert.Contains(
            "waiting for the first complete list",
            Draw([(1, Interrupted(FakeHost.Start, 2))], 1.5, 80, 12),
            StringComparison.Ordinal);

    [Fact]
    public void A_ring_without_members_has_an_explanation() =>
        Assert.Contains("no endpoints: the slice of the Service is empty", Draw([(1, Listed("1"))], 1.5, 80, 12), StringComparison.Ordinal);

    [Theory]
    [InlineData(80, 12)]
    [InlineData(20, 5)]
    [InlineData(1, 1)]
    public void The_table_fits_into_every_size_and_shows_new_members(int width, int height)
    {
        var pods = Enumerable.Range(0, 100).Select(i => Pod($"cache-{i:00}-with-a-long-name-of-its-own-{i:00}", $"10.0.1.{i}")).ToArray();
        var lines = Lines([(0, Listed("1", pods[..99])), (9, Modified("2", pods))], 10, width, height);
        Assert.Equal(height, lines.Count);
        Assert.All(lines, l => Assert.True(l.Width <= width, l.ToString()));
        Assert.Equal(height > 1, lines.Any(l => l.ToString().StartsWith("+ cache-99", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Printed_output_has_a_table_per_ring()
    {
        var host = new FakeHost();
        var run = host.RunAsync("ring", "cache", "-o", "table", "--replicas", "2");
        host.Emit([.. _scenario.Select(s => s.Item2)]);
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Golden.Matches("ring-tables.txt", host.Out);
    }

    [Fact]
    public async Task On_a_terminal_the_table_follows_the_ring_and_the_screen_is_restored()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("ring", "cache", "--color", "never");
        host.AdvanceBy(0.15);
        Assert.Contains("SYNCING", Screen.After(host.Out).ToString(), StringComparison.Ordinal);
        host.Emit(Listed("1", _pods));
        host.AdvanceBy(0.15);
        Assert.Contains("● LIVE", Screen.After(host.Out).ToString(), StringComparison.Ordinal);
        host.Emit(Modified("2", [.. _pods, Pod("cache-3", "10.0.0.4")]));
        host.AdvanceBy(0.15);
        Assert.Contains("\n+ cache-3", Screen.After(host.Out).ToString(), StringComparison.Ordinal);
        host.Emit(Interrupted(host.Clock.Now, 9));
        host.AdvanceBy(2.05);
        Assert.Contains("STALE for 2s", Screen.After(host.Out).ToString(), StringComparison.Ordinal);
        Assert.Contains("next attempt in 7.0s", Screen.After(host.Out).ToString(), StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.True(Screen.After(host.Out) is { IsAlternate: false, IsCursorHidden: false });
    }

    private static string Draw((double, WatchEvent<EndpointSlice>)[] scenario, double now, int width, int height) =>
        string.Concat(Lines(scenario, now, width, height).Select(l => l + "\n"));

    private static IReadOnlyList<Line> Lines((double At, WatchEvent<EndpointSlice> Event)[] scenario, double now, int width, int height)
    {
        var settings = new RingSettings(new WatchSettings("cache"), 1, 160, null);
        var rings = Snapshots([.. scenario.Select(s => s.Event)]).ToObservable().WithRings(RingLayout.Default).ToList().Wait();
        var state = rings.Zip(scenario).Aggregate(
            new RingState(Cache, settings), (next, ring) => next.Next(ring.First, FakeHost.Start.AddSeconds(ring.Second.At)));
        return RingTable.Draw(
            state, FakeHost.Start.AddSeconds(now), new Viewport(width, height, Glyphs.Unicode, TimeZoneInfo.Utc, "10.0.0.1:6443")).Lines;
    }
}
