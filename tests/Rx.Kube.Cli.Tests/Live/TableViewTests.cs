using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using Spectre.Console;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Live;

public class TableViewTests
{
    private static readonly DateTimeOffset _start = FakeHost.Start;

    private static readonly (double, WatchEvent<EndpointSlice>)[] _scenario =
    [
        (0, Listed("10", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2"), Pod("cache-2", "10.0.0.3", zone: "b"))),
        (20, Modified(
            "11", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2"),
            Pod("cache-2", "10.0.0.3", false, true, true, zone: "b"))),
        (22, Modified(
            "12", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", ready: false),
            Pod("cache-2", "10.0.0.3", false, false, true, zone: "b"))),
        (23, Modified(
            "13", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2", ready: false),
            Pod("cache-3", "10.0.0.4", zone: "c", node: "n3"))),
    ];

    [Fact]
    public void A_live_table_equals_its_golden_file() => Golden.Matches("table-live-80x24.txt", Draw(_scenario, 24.5, 80, 24));

    [Fact]
    public void A_live_table_on_a_wide_screen_equals_its_golden_file() =>
        Golden.Matches("table-live-140x20.txt", Draw(_scenario, 24.5, 140, 20));

    [Fact]
    public void A_narrow_screen_drops_columns() => Golden.Matches("table-live-48x16.txt", Draw(_scenario, 24.5, 48, 16));

    [Fact]
    public void A_stale_table_has_its_age_the_cause_and_a_countdown() => Golden.Matches("table-stale-80x24.txt", Draw(
        [.. _scenario, (30, Interrupted(_start.AddSeconds(30), 8))], 33.3, 80, 24));

    [Fact]
    public void A_stale_table_is_dimmed_and_its_badge_is_not()
    {
        var lines = Lines([.. _scenario, (30, Interrupted(_start.AddSeconds(30), 8))], 33.3, 80, 24);
        Assert.Contains(
            lines[0].Segments,
            s => s.Text.Contains("STALE", StringComparison.Ordinal) && !s.Style.Decoration.HasFlag(Decoration.Dim));
        foreach (var line in new[] { lines[1] }
            .Concat(lines.Where(l => l.ToString().Contains("10.0.0.", StringComparison.Ordinal)).Take(3).Skip(1)))
        {
            Assert.All(line.Segments, s => Assert.True(s.Style.Decoration.HasFlag(Decoration.Dim), line.ToString()));
        }
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(48, 16)]
    [InlineData(30, 12)]
    [InlineData(200, 50)]
    public void A_long_cause_is_wrapped_and_neither_the_remedy_nor_the_countdown_is_cut(int width, int height)
    {
        const string Remedy = "To fix: check that the API server runs and the address is right (cluster \"prod\" in /home/jane/config).";
        var cause = $"10.0.0.1:6443 cannot be reached: {string.Join(' ', Enumerable.Repeat("connection refused", 20))}. {Remedy}";
        var lines = Lines([.. _scenario, (30, Interrupted(_start.AddSeconds(30), 8, cause))], 33.3, width, height);
        Assert.Equal(height, lines.Count);
        Assert.All(lines, line => Assert.InRange(line.Width, 0, width));
        var banner = string.Join(' ', lines.Skip(2).Select(line => line.ToString().Trim('─', ' ')));
        Assert.Contains(Remedy.TrimEnd('.'), banner, StringComparison.Ordinal);
        Assert.Contains("next attempt in 4.8s", banner, StringComparison.Ordinal);
        Assert.Contains(width < 40 ? "10.…" : "10.0.0.1:6443 cannot", banner, StringComparison.Ordinal);
        Assert.True(width < 40 || banner.Contains("MEMBER", StringComparison.Ordinal), banner);
    }

    [Fact]
    public void A_wrapped_cause_equals_its_golden_file() => Golden.Matches("table-stale-long-80x24.txt", Draw(
        [.. _scenario, (30, Interrupted(
            _start.AddSeconds(30), 8, "10.0.0.1:6443 cannot be reached: connection refused. To fix: check that the API server runs and " +
            "the address is right (cluster \"prod\" in /home/jane/.kube/config)."))],
        33.3, 80, 24));

    [Fact]
    public void A_syncing_table_has_the_cause() =>
        Golden.Matches("table-syncing-80x12.txt", Draw([(1, Interrupted(_start.AddSeconds(1), 2))], 1.5, 80, 12));

    [Fact]
    public void Before_the_first_snapshot_the_table_names_the_service() => Golden.Matches("table-first-80x12.txt", Draw([], 0, 80, 12));

    [Fact]
    public void A_service_without_endpoints_has_an_explanation() =>
        Assert.Contains(
            "no endpoints: the slice of the Service is empty",
            Draw([(0, Listed("1"))], 1, 100, 20),
            StringComparison.Ordinal);

    [Fact]
    public void Equal_ports_are_in_the_header_and_different_ports_in_a_column()
    {
        var other = Slice(Pod("cache-9", "10.0.0.9")) with { Ports = [new EndpointPort("http", 9090)] };
        var added = new WatchEvent<EndpointSlice>.Added(other with { Metadata = other.Metadata with { Name = "cache-def" } }, "11");
        var same = Draw(_scenario[..1], 0, 120, 24);
        var different = Draw([_scenario[0], (1, added)], 1, 120, 24);
        Assert.Contains("version 10 · gossip:7946/UDP http:8080", same, StringComparison.Ordinal);
        Assert.DoesNotContain("PORTS", same, StringComparison.Ordinal);
        Assert.Contains("PORTS", different, StringComparison.Ordinal);
        Assert.Contains("http:9090", different, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_table_has_no_log_and_no_filler() => Golden.Matches("table-once.txt", Draw(_scenario[..1], 0, 100, null));

    [Fact]
    public void Of_many_endpoints_the_first_and_the_recently_changed_are_shown()
    {
        var pods = Enumerable.Range(0, 60).Select(i => Pod($"cache-{i:00}", $"10.0.1.{i}")).ToArray();
        var changed = pods.ToArray();
        changed[47] = Pod("cache-47", "10.0.1.47", ready: false);
        Golden.Matches("table-many-80x24.txt", Draw([(0, Listed("1", pods)), (9, Modified("2", changed))], 10, 80, 24));
    }

    [Fact]
    public void A_change_stays_highlighted_and_a_removed_member_stays_visible_for_five_seconds()
    {
        Assert.Contains("\n- cache-2", Draw(_scenario, 27.9, 80, 24), StringComparison.Ordinal);
        Assert.Contains("\n+ cache-3", Draw(_scenario, 27.9, 80, 24), StringComparison.Ordinal);
        Assert.DoesNotContain("\n- cache-2", Draw(_scenario, 28.0, 80, 24), StringComparison.Ordinal);
        Assert.Contains("\n  cache-3", Draw(_scenario, 28.0, 80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_fit_into_every_screen_size()
    {
        var scenario = new[]
        {
            (0.0, Listed("123456789", [.. Enumerable.Range(0, 30).Select(i => Pod($"{new string('x', 2 * i)}東京-{i}", $"10.0.0.{i}"))])),
            (1.0, Interrupted(_start, 1, new string('m', 500))),
        };
        for (var width = 1; width < 200; width += 7)
        {
            for (var height = 1; height < 60; height += 5)
            {
                var lines = Lines(scenario, 2, width, height);
                Assert.Equal(height, lines.Count);
                Assert.All(lines, l => Assert.True(l.Width <= width, $"{l.Width} > {width}"));
            }
        }
    }

    [Fact]
    public void Hostile_names_are_escaped_on_the_screen()
    {
        const string Hostile = "\e[2J\u009b\u202e\r\n[red]";
        var scenario = new[]
        {
            (0.0, Listed(Hostile, Pod("p", "10.0.0.1", zone: "z"))),
            (1.0, Modified(Hostile, Pod(Hostile, "10.0.0.1", zone: Hostile, node: Hostile), Pod("p", "10.0.0.2", zone: Hostile))),
            (2.0, Skipped("3", Hostile, Hostile)),
            (3.0, Interrupted(_start, 1, Hostile)),
        };
        foreach (var line in Lines(scenario, 3, 200, 40))
        {
            Assert.DoesNotContain(line.ToString(), c => char.IsControl(c) || c == '\u202e');
        }

        Assert.Contains("""\x1b[2J\x9b\u202e\r\n[red]""", Draw(scenario, 3, 200, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void An_outage_is_one_entry_of_the_log()
    {
        var scenario = _scenario.Concat(Enumerable.Range(0, 20).Select(i => (30.0 + i, Interrupted(_start.AddSeconds(30 + i), 1))));
        Assert.Single(Draw([.. scenario], 50, 80, 40).Split('\n'), l => l.Contains("! stale", StringComparison.Ordinal));
    }

    private static string Draw((double At, WatchEvent<EndpointSlice> Event)[] scenario, double now, int width, int? height) =>
        string.Concat(Lines(scenario, now, width, height).Select(l => l + "\n"));

    private static IReadOnlyList<Line> Lines((double At, WatchEvent<EndpointSlice> Event)[] scenario, double now, int width, int? height)
    {
        var snapshots = Snapshots([.. scenario.Select(s => s.Event)]);
        var state = new TableState(Cache);
        foreach (var (snapshot, (at, _)) in snapshots.Zip(scenario))
        {
            state = state.Next(snapshot, _start.AddSeconds(at));
        }

        return TableView.Draw(
            state, _start.AddSeconds(now), new Viewport(width, height, Glyphs.Unicode, TimeZoneInfo.Utc, "10.0.0.1:6443")).Lines;
    }
}
