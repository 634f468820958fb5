using System.Reactive;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Watching;

public class WatchCommandTests
{
    [Fact]
    public async Task Piped_output_has_a_line_per_change_until_the_tool_is_stopped()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(2);
        host.Emit(Modified("2", Pod("cache-0", "10.0.0.1", ready: false)));
        host.Stop.OnNext(Unit.Default);

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal(
            """
            2026-01-02T03:04:05.000Z = live at version 1: 1 endpoint, 1 ready
            2026-01-02T03:04:05.000Z + cache-0 ready 10.0.0.1 gossip:7946/UDP,http:8080 zone=a node=n1
            2026-01-02T03:04:07.000Z ~ cache-0 ready -> not ready

            """,
            host.Out);
        Assert.Equal("", host.Error);
        Assert.False(host.Events.HasObservers);
        Assert.True(host.IsClosed);
    }

    [Fact]
    public async Task Json_has_a_line_per_snapshot_including_syncing_and_stale_ones()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Emit(
            Interrupted(FakeHost.Start, 1), Listed("1", Pod("cache-0", "10.0.0.1")), Interrupted(FakeHost.Start, 1), Resumed,
            Modified("2", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
        host.Stop.OnNext(Unit.Default);

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal(
            ["syncing", "live", "stale", "live", "live"],
            host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => (string?)System.Text.Json.Nodes.JsonNode.Parse(l)!["freshness"]));
        Assert.Contains("not connected yet: connection refused", host.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "= live at version 1")]
    [InlineData("json", "{\"service\":\"prod/cache\",\"version\":\"1\"")]
    [InlineData("table", "cache in prod · version 1")]
    public async Task Once_prints_the_first_complete_snapshot_and_exits_with_zero(string format, string expected)
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "--once", "-o", format);
        host.Emit(Interrupted(FakeHost.Start, 1));
        Assert.Equal("", host.Out);
        Assert.False(run.IsCompleted);
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Contains(expected, host.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', host.Out);
        Assert.False(host.Events.HasObservers);
    }

    [Fact]
    public async Task A_timeout_exits_with_three_and_the_last_cause()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "--timeout", "5s");
        host.Emit(Interrupted(FakeHost.Start, 1, "first cause"));
        host.AdvanceBy(3);
        host.Emit(Interrupted(FakeHost.Start, 1, "last\ncause"));
        host.AdvanceBy(1.9);
        Assert.False(run.IsCompleted);
        host.AdvanceBy(0.2);

        Assert.Equal(ExitCode.Cluster, await run);
        Assert.EndsWith(
            "no complete snapshot within 5s (--timeout); the last attempt:\nrxkube: last\\ncause\n",
            host.Error, StringComparison.Ordinal);
        Assert.Equal("", host.Out);
    }

    [Theory]
    [InlineData("ring cache -o text")]
    [InlineData("ring cache -o json")]
    [InlineData("explain cache key -o text")]
    [InlineData("explain cache key -o json")]
    [InlineData("wait cache --for ready=1 -o text")]
    [InlineData("wait cache --for ready=1 -o json")]
    [InlineData("record cache --force -f FILE")]
    public async Task A_timeout_of_every_command_has_the_last_cause(string line)
    {
        var host = new FakeHost();
        var file = Path.GetTempFileName();
        var run = host.RunAsync([.. line.Split(' ').Select(word => word == "FILE" ? file : word), "--timeout", "5s"]);
        host.Emit(Interrupted(FakeHost.Start, 1));
        host.AdvanceBy(6);

        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Contains(
            "no complete snapshot within 5s (--timeout); the last attempt:\nrxkube: connection refused (10.0.0.1:6443)\n", host.Error,
            StringComparison.Ordinal);
        Assert.Equal("", host.Out);
        File.Delete(file);
    }

    [Fact]
    public async Task A_server_that_never_answers_exits_with_three_after_thirty_seconds()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");
        host.AdvanceBy(29.9);
        Assert.False(run.IsCompleted);
        host.AdvanceBy(0.2);
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Contains("the server has not answered", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_zero_waits_without_limit_and_the_first_snapshot_ends_a_timeout()
    {
        var unlimited = new FakeHost();
        var waiting = unlimited.RunAsync("watch", "cache", "--timeout", "0");
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "--timeout", "5s");
        host.Emit(Listed("1"), Interrupted(FakeHost.Start, 1));
        unlimited.AdvanceBy(100_000);
        host.AdvanceBy(100_000);

        Assert.False(waiting.IsCompleted);
        Assert.False(run.IsCompleted);
        unlimited.Stop.OnNext(Unit.Default);
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(0, await waiting);
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task A_cluster_error_exits_with_three_and_a_defect_with_one()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");
        host.Events.OnError(new KubeConfigurationException("/root/.kube/config is missing.\e[2J To fix: log in."));
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Equal("rxkube: /root/.kube/config is missing.\\x1b[2J To fix: log in.\n", host.Error);

        host = new FakeHost();
        run = host.RunAsync("watch", "cache");
        host.Events.OnError(new InvalidOperationException("a\e[2J"));
        Assert.Equal(ExitCode.Failed, await run);
        Assert.StartsWith("rxkube: unexpected InvalidOperationException: a\\x1b[2J\n", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skipped_objects_are_reported_once_on_standard_error()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Emit(
            Listed("1", Pod("cache-0", "10.0.0.1")), Skipped("2", "bad\e[2J", "endpoints: not an array"),
            Modified("3", Pod("cache-0", "10.0.0.1", ready: false)), Skipped("4", "bad\e[2J", "endpoints: not an array"));
        host.Stop.OnNext(Unit.Default);
        await run;
        Assert.Equal("rxkube: skipped prod/bad\\x1b[2J: endpoints: not an array\n", host.Error);
    }

    [Fact]
    public async Task A_closed_output_exits_with_zero_without_a_message()
    {
        var host = new FakeHost { OutWriter = new ClosedPipe(32) };
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal("", host.Error);
        Assert.False(host.Events.HasObservers);
    }

    [Fact]
    public async Task A_reader_that_goes_while_nothing_is_written_exits_with_zero()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.OutputClosed.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal("", host.Error);
        Assert.False(host.Events.HasObservers);
    }

    [Fact]
    public async Task Keys_are_read_only_while_a_live_table_is_shown()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");
        Assert.False(host.Keys.HasObservers);
        host.Stop.OnNext(Unit.Default);
        await run;

        var terminal = new FakeHost { IsTerminal = true };
        run = terminal.RunAsync("watch", "cache");
        Assert.True(terminal.Keys.HasObservers);
        terminal.Type("x");
        Assert.False(run.IsCompleted);
        terminal.Type("q");
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.False(terminal.Keys.HasObservers);
    }

    [Fact]
    public async Task A_full_disk_exits_with_one_and_a_message()
    {
        var host = new FakeHost { OutWriter = new ClosedPipe(28) };
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        Assert.Equal(ExitCode.Failed, await run);
        Assert.Equal(
            "rxkube: standard output cannot be written: write failed. To fix: free space on the disk, or write to another place.\n",
            host.Error);
    }

    [Theory]
    [InlineData(false, "auto", null, false)]
    [InlineData(true, "auto", null, true)]
    [InlineData(true, "auto", "1", false)]
    [InlineData(true, "auto", "", true)]
    [InlineData(true, "never", null, false)]
    [InlineData(false, "always", "1", true)]
    public async Task Colours_follow_the_terminal_the_option_and_NO_COLOR(bool isTerminal, string color, string? noColor, bool isColored)
    {
        var host = new FakeHost { IsTerminal = isTerminal };
        if (noColor is not null)
        {
            host.Variables["NO_COLOR"] = noColor;
        }

        var run = host.RunAsync("watch", "cache", "-o", "text", "--color", color, "--once");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal(isColored, host.Out.Contains("\e[", StringComparison.Ordinal));
    }

    private sealed class ClosedPipe(int errno) : StringWriter
    {
        public override void Write(string? value) => throw new IOException("write failed", errno);

        public override void Write(char[] buffer, int index, int count) => Write("");
    }

    [Fact]
    public async Task What_an_exec_plugin_says_is_reported_at_once()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");

        host.Notice!(new ConnectionNotice(ConnectionNoticeKind.Configuration, "connecting to x"));
        host.Notice!(new ConnectionNotice(ConnectionNoticeKind.PluginOutput, "enter ABCD"));
        host.Notice!(new ConnectionNotice(ConnectionNoticeKind.PluginWaits, "The plugin has been running for 2 s"));

        Assert.Equal(
            "rxkube: the exec plugin says: enter ABCD\nrxkube: The plugin has been running for 2 s\n",
            host.Error.ReplaceLineEndings("\n"));
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task A_live_screen_makes_room_for_what_an_exec_plugin_says_until_it_has_answered()
    {
        var host = new FakeHost { IsTerminal = true, WaitingFor = "the exec plugin \"p\"" };
        var run = host.RunAsync("watch", "cache");
        host.AdvanceBy(1);
        Assert.Contains("SYNCING", host.Out, StringComparison.Ordinal);

        host.Notice!(new ConnectionNotice(ConnectionNoticeKind.CertificateSkipped, "one is skipped"));
        host.Notice!(new ConnectionNotice(ConnectionNoticeKind.PluginOutput, "enter ABCD"));
        Assert.EndsWith("\e[?1049l", host.Out, StringComparison.Ordinal);
        Assert.Equal("rxkube: the exec plugin says: enter ABCD", host.Error.Trim());
        host.AdvanceBy(5);
        Assert.EndsWith("\e[?1049l", host.Out, StringComparison.Ordinal);
        host.WaitingFor = null;
        host.AdvanceBy(1);

        Assert.True(
            host.Out.LastIndexOf("\e[?1049h", StringComparison.Ordinal) > host.Out.LastIndexOf("\e[?1049l", StringComparison.Ordinal));
        host.Stop.OnNext(Unit.Default);
        await run;
        Assert.EndsWith("rxkube: one is skipped", host.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_names_the_exec_plugin_that_has_not_answered()
    {
        var host = new FakeHost { WaitingFor = "the exec plugin \"p\" of user \"u\" in f" };
        var run = host.RunAsync("watch", "cache", "--timeout", "10s");
        host.AdvanceBy(10);

        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Equal(
            "rxkube: no complete snapshot within 10s (--timeout): still waiting for the exec plugin \"p\" of user \"u\" in f. "
            + "To fix: check why there is no answer (a plugin may want a login), or use a longer --timeout.",
            host.Error.Trim());
    }
}
