using System.Reactive;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using static Rx.Kube.Cli.Tests.Harness.CacheService;

namespace Rx.Kube.Cli.Tests.Live;

public class LiveTableTests
{
    [Fact]
    public async Task On_a_terminal_the_table_follows_the_service_and_the_screen_is_restored()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.AdvanceBy(0.15);
        Assert.Contains("SYNCING", Shown(host), StringComparison.Ordinal);
        Assert.True(Screen.After(host.Out) is { IsAlternate: true, IsCursorHidden: true });

        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(0.15);
        Assert.Contains("● LIVE", Shown(host), StringComparison.Ordinal);

        host.Emit(Modified("2", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
        host.AdvanceBy(0.15);
        Assert.Contains("\n+ cache-1", Shown(host), StringComparison.Ordinal);

        host.AdvanceBy(6);
        Assert.Contains("\n  cache-1", Shown(host), StringComparison.Ordinal);
        Assert.Contains("  6s", Shown(host), StringComparison.Ordinal);

        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.True(Screen.After(host.Out) is { IsAlternate: false, IsCursorHidden: false });
    }

    [Fact]
    public async Task The_countdown_moves_without_a_new_snapshot()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Emit(Listed("1"), Interrupted(FakeHost.Start, 9));
        host.AdvanceBy(2.05);
        Assert.Contains("STALE for 2s", Shown(host), StringComparison.Ordinal);
        Assert.Contains("next attempt in 7.0s", Shown(host), StringComparison.Ordinal);
        host.AdvanceBy(3);
        Assert.Contains("STALE for 5s", Shown(host), StringComparison.Ordinal);
        Assert.Contains("next attempt in 4.0s", Shown(host), StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task Many_changes_give_few_frames()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Emit(Listed("1"));
        for (var i = 0; i < 1000; i++)
        {
            host.Emit(Modified($"{i + 2}", Pod("cache-0", $"10.0.{i / 250}.{i % 250}")));
            host.AdvanceBy(0.001);
        }

        host.AdvanceBy(0.15);
        Assert.InRange(host.Out.Split("\e[?2026h").Length - 1, 5, 13);
        Assert.Contains("10.0.3.249", Shown(host), StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task A_smaller_window_is_used_at_the_next_frame()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(0.5);
        host.Size = (40, 10);
        host.AdvanceBy(0.5);
        var lines = Shown(host).TrimEnd('\n').Split('\n');
        Assert.Equal(10, lines.Length);
        Assert.All(lines, l => Assert.True(l.Length <= 40));
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task A_suspended_tool_restores_the_terminal_and_redraws_in_the_foreground()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Emit(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.AdvanceBy(1);
        host.Suspend.OnNext(Unit.Default);
        Assert.True(Screen.After(host.Out) is { IsAlternate: false, IsCursorHidden: false });
        host.AdvanceBy(10);
        Assert.Equal("", Shown(host));

        host.Redraw.OnNext(Unit.Default);
        host.AdvanceBy(0.15);
        Assert.True(Screen.After(host.Out) is { IsAlternate: true, IsCursorHidden: true });
        Assert.Contains("cache-0", Shown(host), StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task An_error_and_the_skipped_objects_are_written_after_the_screen_is_restored()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache");
        host.Emit(Listed("1"), Skipped("2", "bad", "why"));
        host.AdvanceBy(1);
        Assert.Equal("", host.Error);
        host.Events.OnError(new KubeConfigurationException("no"));
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.False(Screen.After(host.Out).IsAlternate);
        Assert.Equal("rxkube: skipped prod/bad: why\nrxkube: no\n", host.Error);
    }

    private static string Shown(FakeHost host) => Screen.After(host.Out).ToString();
}
