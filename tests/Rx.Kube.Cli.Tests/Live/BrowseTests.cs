using System.Diagnostics;
using System.Globalization;
using System.Reactive;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Live;

/// <summary>Scrolls and filters the live tables of a Service of 250 members, by keys.</summary>
public class BrowseTests
{
    private static readonly Endpoint[] _pods =
    [
        .. Enumerable.Range(0, 250).Select(i => Pod(
            $"cache-{i:000}", $"10.0.{i / 100}.{i % 100}", ready: i % 10 != 7, zone: $"zone-{"abc"[i % 3]}", node: $"node-{i % 20}")),
    ];

    public static TheoryData<string, int, int> Sizes => new()
    {
        { "watch", 80, 24 }, { "watch", 120, 40 }, { "watch", 40, 12 }, { "ring", 80, 24 }, { "ring", 120, 40 }, { "ring", 40, 12 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Tables_of_250_members_equal_their_golden_files(string command, int width, int height)
    {
        await using var table = new Table(command, (width, height));
        var pictures = new List<string> { "the first rows\n" + table.Shown };
        table.Emit(Modified("2", [.. _pods[..200], _pods[200] with { Ready = false, Zone = "zone-z" }, .. _pods[201..]]));
        Add("one has changed");
        table.Press(ConsoleKey.PageDown);
        Add("a page down");
        table.Type("/");
        Add("the prompt");
        table.Type("cache-1.[05]");
        Add("a filter is typed");
        table.Type("[");
        Add("it is not valid");
        table.Press(ConsoleKey.Backspace, ConsoleKey.Enter);
        table.Emit(Interrupted(table.Host.Clock.Now, 8));
        Add("the filter is kept, the table is stale");
        table.Type("/\u0015xyz");
        table.Press(ConsoleKey.Enter);
        Add("nothing matches");
        Golden.Matches($"browse-{command}-{width}x{height}.txt", string.Join('\n', pictures));

        void Add(string what) => pictures.Add($"{what}\n{table.Shown}");
    }

    [Fact]
    public async Task Keys_of_less_and_of_the_keyboard_scroll()
    {
        await using var table = new Table("watch", (80, 24));
        Assert.Equal((1, 13), table.Rows);
        Assert.Equal((2, 14), After("j"));
        Assert.Equal((1, 13), After("k"));
        Assert.Equal((1, 13), After("k"));
        Assert.Equal((14, 26), After(" "));
        Assert.Equal((27, 39), After(ConsoleKey.PageDown));
        Assert.Equal((28, 40), After(ConsoleKey.DownArrow));
        Assert.Equal((27, 39), After(ConsoleKey.UpArrow));
        Assert.Equal((14, 26), After(ConsoleKey.PageUp));
        Assert.Equal((1, 13), After("b"));
        Assert.Equal((238, 250), After("G"));
        Assert.Equal((238, 250), After(" "));
        Assert.Equal((1, 13), After("g"));
        Assert.Equal((238, 250), After(ConsoleKey.End));
        Assert.Equal((237, 249), After("k"));
        Assert.Equal((1, 13), After(ConsoleKey.Home));

        (int, int) After(object key)
        {
            if (key is string text)
            {
                table.Type(text);
            }
            else
            {
                table.Press((ConsoleKey)key);
            }

            return table.Rows;
        }
    }

    [Fact]
    public async Task Keys_that_arrive_between_two_frames_all_count()
    {
        await using var table = new Table("watch", (80, 24));
        table.Host.Type("jjjjj");
        table.Host.Press(ConsoleKey.PageDown);
        Assert.Equal((19, 31), table.Rows);
    }

    [Fact]
    public async Task The_last_row_stays_in_view_when_rows_leave_and_the_next_key_moves_at_once()
    {
        await using var table = new Table("watch", (80, 24));
        table.Type("G");
        table.Emit(Modified("2", _pods[..100]));
        table.Host.AdvanceBy(6); // removed members stay for five seconds
        Assert.Equal((88, 100), table.Rows);
        table.Type("k");
        Assert.Equal((87, 99), table.Rows);
        table.Emit(Modified("3", _pods[..5]));
        table.Host.AdvanceBy(6);
        Assert.DoesNotContain("rows ", table.Shown, StringComparison.Ordinal);
        Assert.Contains("cache-000", table.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_row_at_the_top_stays_there_when_rows_above_it_come_and_go()
    {
        await using var table = new Table("watch", (80, 24));
        table.Type("  ");
        Assert.Equal((27, 39), table.Rows);
        table.Emit(Modified("2", _pods[10..]));
        table.Host.AdvanceBy(6); // removed members stay for five seconds
        Assert.Contains("  rows 17-29 of 240\n", table.Shown, StringComparison.Ordinal);
        Assert.Matches(@"\n  MEMBER .*\n  cache-026 ", table.Shown);
        table.Emit(Modified("3", [.. _pods[..26], .. _pods[27..]])); // the row itself has gone: the next one takes its place
        table.Host.AdvanceBy(6);
        Assert.Contains("  rows 27-39 of 249\n", table.Shown, StringComparison.Ordinal);
        Assert.Matches(@"\n  MEMBER .*\n  cache-027 ", table.Shown);
        table.Type("k");
        table.Emit(Modified("4", _pods[20..]));
        table.Host.AdvanceBy(6);
        Assert.Matches(@"\n  MEMBER .*\n  cache-025 ", table.Shown);
    }

    [Fact]
    public async Task Rows_of_one_member_scroll_one_by_one()
    {
        await using var table = new Table("watch", (80, 24));
        table.Emit(Modified("2", [.. Enumerable.Range(0, 40).Select(i => Pod("cache-0", $"10.0.0.{i}"))]));
        table.Host.AdvanceBy(6);
        table.Type("jj");
        table.Type("j");
        Assert.Contains("  rows 4-16 of 40\n", table.Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frame_of_a_large_Service_costs_what_it_shows(bool isFiltered)
    {
        var slices = Enumerable.Range(0, 20).Select(s => Testing.Slice.Of($"s{s:00}", "cache", @namespace: "prod") with
        {
            Endpoints = [.. Enumerable.Range(0, 1000).Select(i => Pod($"cache-{s:00}-{i:0000}", $"10.{s}.{i / 250}.{i % 250}"))],
        }).ToArray();
        var changed = slices[7] with { Endpoints = [.. slices[7].Endpoints.Skip(1)] };
        var snapshots = Snapshots(
            Testing.WatchEvents.Listed("1", slices), new WatchEvent<EndpointSlice>.Modified(changed, "2"));
        var (first, second) = (new TableState(Cache).Next(snapshots[0], FakeHost.Start), snapshots[^1]);
        var view = new Viewport(120, 40, Glyphs.Unicode, TimeZoneInfo.Utc, "")
        {
            Browse = Browse.Start with { Filter = isFiltered ? RowFilter.Parse("cache-07-00").Filter : null },
        };
        Assert.InRange(Frame(first), 1, 60_000_000);
        Assert.InRange(Frame(first), 1, 1_000_000); // nothing has changed
        var next = first.Next(second, FakeHost.Start.AddSeconds(1));
        Assert.InRange(Frame(next), 1, isFiltered ? 6_000_000 : 1_000_000); // one of 20,000 has left

        long Frame(TableState state)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(40, TableView.Draw(state, FakeHost.Start.AddSeconds(1), view).Lines.Count);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task The_header_and_the_changes_stay_while_the_rows_scroll()
    {
        await using var table = new Table("watch", (80, 24));
        table.Type("G");
        Assert.Contains("cache in prod · version 1", table.Shown, StringComparison.Ordinal);
        Assert.Contains("225 serving of 250", table.Shown, StringComparison.Ordinal);
        Assert.Contains("\n  MEMBER ", table.Shown, StringComparison.Ordinal);
        table.Emit(Modified("2", _pods[1..]));
        Assert.Contains(" - cache-000  ready 10.0.0.0 in zone-a", table.Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache-24", 10)]
    [InlineData("CACHE-24", 10)]
    [InlineData("!cache-24", 240)]
    [InlineData("^cache-0..  ● ready.*zone-a", 31)]
    [InlineData("not ready", 25)]
    [InlineData("!not ready", 225)]
    [InlineData("node-19$", 12)]
    [InlineData(@"10\.0\.2\.", 50)]
    [InlineData("http", 0)] // the ports are equal, so they are in the header
    [InlineData(">|s$", 0)] // ages are not searched: rows would come and go
    public async Task A_filter_is_a_regular_expression_on_the_visible_text_of_a_row(string text, int matching)
    {
        await using var table = new Table("watch", (120, 40));
        table.Type("/" + text);
        Assert.Contains($"\nfilter: {text} ({matching} of 250)\n", table.Shown, StringComparison.Ordinal);
        Assert.Contains("225 serving of 250", table.Shown, StringComparison.Ordinal);
        Assert.Equal(matching == 0, table.Shown.Contains("no row matches the filter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Enter_keeps_a_filter_and_Escape_first_leaves_the_prompt_then_removes_the_filter_then_does_nothing()
    {
        await using var table = new Table("watch", (80, 24));
        table.Type("/cache-1");
        Assert.Contains("\n/cache-1   Enter: keep  Esc: cancel", table.Shown, StringComparison.Ordinal);
        table.Press(ConsoleKey.Enter);
        Assert.Contains("filter: cache-1 (100 of 250)", table.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Enter: keep", table.Shown, StringComparison.Ordinal);
        Assert.Contains("  rows 1-12 of 100\n", table.Shown, StringComparison.Ordinal);

        table.Type("/2");
        Assert.Contains("filter: cache-12 (10 of 250)", table.Shown, StringComparison.Ordinal);
        table.Press(ConsoleKey.Escape); // leaves the prompt, and what was there before it stays
        Assert.Contains("filter: cache-1 (100 of 250)", table.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Enter: keep", table.Shown, StringComparison.Ordinal);

        table.Press(ConsoleKey.Escape);
        Assert.DoesNotContain("filter:", table.Shown, StringComparison.Ordinal);
        Assert.Contains("  rows 1-13 of 250\n", table.Shown, StringComparison.Ordinal);

        table.Type("j");
        table.Press(ConsoleKey.Escape);
        Assert.Equal((2, 14), table.Rows);
        table.Type("/cache-1[");
        table.Press(ConsoleKey.Escape);
        Assert.DoesNotContain("filter:", table.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("invalid", table.Shown, StringComparison.Ordinal);
        Assert.False(table.Run.IsCompleted);
    }

    [Fact]
    public async Task Commands_are_text_in_the_prompt_and_arrows_still_scroll()
    {
        await using var table = new Table("watch", (80, 24));
        table.Type("/qgGjkb !");
        Assert.Contains("\n/qgGjkb !   Enter", table.Shown, StringComparison.Ordinal);
        Assert.False(table.Run.IsCompleted);
        table.Type("\u0015"); // Ctrl+U
        Assert.Contains("\n/   Enter", table.Shown, StringComparison.Ordinal);
        Assert.Equal((1, 13), table.Rows);
        table.Press(ConsoleKey.PageDown);
        Assert.Equal((14, 26), table.Rows);
        table.Press(ConsoleKey.Backspace); // of nothing, as in less
        Assert.DoesNotContain("Enter: keep", table.Shown, StringComparison.Ordinal);
        table.Type("q");
        Assert.Equal(ExitCode.Stopped, await table.Run);
    }

    [Theory]
    [InlineData("cache-1[", "invalid: unterminated bracket")]
    [InlineData("cache-1(", "invalid: insufficient closing parentheses")]
    [InlineData("cache-1(?=2)", "invalid: too large, or with a backreference or a lookaround")]
    [InlineData("cache-1((a{999}){999}){999}", "invalid: too large, or with a backreference or a lookaround")]
    public async Task An_expression_that_is_not_valid_says_so_and_keeps_the_last_valid_one(string text, string mistake)
    {
        await using var table = new Table("watch", (120, 24));
        table.Type("/" + text);
        Assert.Contains($"\n/{text}   {mistake}\n", table.Shown, StringComparison.Ordinal);
        Assert.Matches(@"filter: cache-1\S* \(\d+ of 250\)", table.Shown);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(.*a){40}!")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    public async Task An_expression_that_backtracks_elsewhere_takes_linear_time_on_hostile_names(string text)
    {
        await using var table = new Table("watch", (80, 24));
        table.Emit(Modified("2", [.. Enumerable.Range(0, 250).Select(i => Pod(new string('a', 200) + i, $"10.1.0.{i}"))]));
        var time = Stopwatch.StartNew();
        table.Type("/" + text);
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 10);
        Assert.Contains(" of 500)", table.Shown, StringComparison.Ordinal); // 250 present, 250 gone for five seconds
    }

    [Fact]
    public async Task Text_that_is_pasted_into_the_prompt_is_escaped_and_limited()
    {
        await using var table = new Table("watch", (80, 24));
        table.Type("/a\u202e\e[2Jb" + new string('x', 5000));
        Assert.DoesNotContain('\u202e', table.Shown);
        Assert.Contains(@"/a\u202e[2Jb", table.Shown, StringComparison.Ordinal);
        Assert.All(table.Shown.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("watch")]
    [InlineData("ring")]
    public async Task The_last_state_stays_on_the_terminal_without_prompt_and_footer(string command)
    {
        await using var table = new Table(command, (80, 24));
        table.Type("/cache-24");
        table.Host.Emit(Modified("2", [.. _pods[..249], _pods[249] with { Zone = "zone-z" }])); // after the last frame
        table.Host.Stop.OnNext(Unit.Default);
        await table.Run;
        Assert.False(Screen.After(table.Host.Out).IsAlternate);
        var left = table.Left.Replace("\e[0m", "", StringComparison.Ordinal);
        Golden.Matches($"last-{command}-80x24.txt", left);
        Assert.InRange(left.Count(c => c == '\n'), 10, 23);
        Assert.Contains("version 2", left, StringComparison.Ordinal);
        Assert.Contains("filter: cache-24 (10 of 250)", left, StringComparison.Ordinal);
        Assert.DoesNotContain("Ctrl+C", left, StringComparison.Ordinal);
        Assert.DoesNotContain("Enter", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_error_the_last_state_stays_above_the_error()
    {
        await using var table = new Table("watch", (80, 24));
        table.Host.Events.OnError(new KubeConfigurationException("no"));
        Assert.Equal(ExitCode.Cluster, await table.Run);
        Assert.Contains("cache-000", table.Left, StringComparison.Ordinal);
        Assert.Equal("rxkube: no\n", table.Host.Error);
    }

    [Fact]
    public async Task Without_a_complete_snapshot_nothing_stays_on_the_terminal()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.AdvanceBy(1);
        host.Type("q");
        await run;
        Assert.EndsWith("\e[?1049l", host.Out, StringComparison.Ordinal);
    }

    private sealed class Table : IAsyncDisposable
    {
        public Table(string command, (int, int) size)
        {
            Host = new FakeHost { IsTerminal = true, Size = size };
            Run = Host.RunAsync(command, "cache", "--color", "never");
            Emit(Listed("1", _pods));
        }

        public FakeHost Host { get; }

        public Task<int> Run { get; }

        /// <summary>Gets what is on the terminal after the live screen.</summary>
        public string Left => Host.Out[(Host.Out.LastIndexOf("\e[?1049l", StringComparison.Ordinal) + 8)..];

        public string Shown
        {
            get
            {
                Host.AdvanceBy(0.15);
                return Screen.After(Host.Out).ToString();
            }
        }

        /// <summary>Gets the first and the last row, counted from 1; their cells and the line below them agree.</summary>
        public (int First, int Last) Rows
        {
            get
            {
                var lines = Shown.Split('\n');
                var rows = lines.Where(l => l.Length > 11 && l[2..].StartsWith("cache-", StringComparison.Ordinal))
                    .Select(l => int.Parse(l.AsSpan(8, 3), CultureInfo.InvariantCulture) + 1).ToList();
                Assert.Equal(Enumerable.Range(rows[0], rows.Count), rows);
                Assert.Contains(lines, l => l.StartsWith($"  rows {rows[0]}-{rows[^1]} of ", StringComparison.Ordinal));
                return (rows[0], rows[^1]);
            }
        }

        public void Emit(WatchEvent<EndpointSlice> next)
        {
            Host.Emit(next);
            Host.AdvanceBy(0.15);
        }

        public void Type(string text)
        {
            Host.Type(text);
            Host.AdvanceBy(0.15);
        }

        public void Press(params ConsoleKey[] keys)
        {
            Host.Press(keys);
            Host.AdvanceBy(0.15);
        }

        public async ValueTask DisposeAsync()
        {
            Host.Stop.OnNext(Unit.Default);
            await Run;
        }
    }
}
