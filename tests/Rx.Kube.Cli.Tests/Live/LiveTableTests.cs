using System.Reactive;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Kit;
using static Rx.Kube.Cli.Tests.Kit.Slices;

namespace Rx.Kube.Cli.Tests.Live;

public class LiveTableTests
{
    [Fact]
    public async Task OnATerminal_TheTableIsDrawnAtOnce_FollowsTheService_AndTheScreenComesBack()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Pass(0.15);
        Assert.Contains("SYNCING", Shown(host), StringComparison.Ordinal);
        Assert.True(Screen.After(host.Out) is { IsAlternate: true, IsCursorHidden: true });

        host.Say(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.Pass(0.15);
        Assert.Contains("● LIVE", Shown(host), StringComparison.Ordinal);

        host.Say(Modified("2", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
        host.Pass(0.15);
        Assert.Contains("\n+ cache-1", Shown(host), StringComparison.Ordinal);

        host.Pass(6);
        Assert.Contains("\n  cache-1", Shown(host), StringComparison.Ordinal);
        Assert.Contains("  6s", Shown(host), StringComparison.Ordinal);

        host.Stop.OnNext(Unit.Default);
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.True(Screen.After(host.Out) is { IsAlternate: false, IsCursorHidden: false });
    }

    [Fact]
    public async Task TheCountdownMovesWithoutANewSnapshot()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Say(Listed("1"), Interrupted(FakeHost.Start, 9));
        host.Pass(2.05);
        Assert.Contains("STALE for 2s", Shown(host), StringComparison.Ordinal);
        Assert.Contains("next try in 7.0s", Shown(host), StringComparison.Ordinal);
        host.Pass(3);
        Assert.Contains("STALE for 5s", Shown(host), StringComparison.Ordinal);
        Assert.Contains("next try in 4.0s", Shown(host), StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task AStormOfChanges_IsNotAStormOfFrames()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Say(Listed("1"));
        for (var i = 0; i < 1000; i++)
        {
            host.Say(Modified($"{i + 2}", Pod("cache-0", $"10.0.{i / 250}.{i % 250}")));
            host.Pass(0.001);
        }

        host.Pass(0.15);
        Assert.InRange(host.Out.Split("\e[?2026h").Length - 1, 5, 13);
        Assert.Contains("10.0.3.249", Shown(host), StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task ASmallerWindow_IsUsedAtTheNextFrame()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Say(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.Pass(0.5);
        host.Size = (40, 10);
        host.Pass(0.5);
        var lines = Shown(host).TrimEnd('\n').Split('\n');
        Assert.Equal(10, lines.Length);
        Assert.All(lines, l => Assert.True(l.Length <= 40));
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task InTheBackground_TheTerminalIsGivenBack_AndDrawnAnewInTheForeground()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache", "--color", "never");
        host.Say(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.Pass(1);
        host.Suspend.OnNext(Unit.Default);
        Assert.True(Screen.After(host.Out) is { IsAlternate: false, IsCursorHidden: false });
        host.Pass(10);
        Assert.Equal("", Shown(host));

        host.Redraw.OnNext(Unit.Default);
        host.Pass(0.15);
        Assert.True(Screen.After(host.Out) is { IsAlternate: true, IsCursorHidden: true });
        Assert.Contains("cache-0", Shown(host), StringComparison.Ordinal);
        host.Stop.OnNext(Unit.Default);
        await run;
    }

    [Fact]
    public async Task AnError_IsSaidAfterTheScreenIsBack_WithWhatWasSkipped()
    {
        var host = new FakeHost { IsTerminal = true };
        var run = host.RunAsync("watch", "cache");
        host.Say(Listed("1"), Skipped("2", "bad", "why"));
        host.Pass(1);
        Assert.Equal("", host.Error);
        host.Events.OnError(new KubeConfigurationException("no"));
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.False(Screen.After(host.Out).IsAlternate);
        Assert.Equal("rxkube: skipped prod/bad: why\nrxkube: no\n", host.Error);
    }

    private static string Shown(FakeHost host) => Screen.After(host.Out).ToString();
}
