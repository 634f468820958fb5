using System.Reactive;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Kit;
using static Rx.Kube.Cli.Tests.Kit.Slices;

namespace Rx.Kube.Cli.Tests.Watching;

public class WatchCommandTests
{
    [Fact]
    public async Task Piped_ItPrintsALinePerChange_UntilItIsStopped()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");
        host.Say(Listed("1", Pod("cache-0", "10.0.0.1")));
        host.Pass(2);
        host.Say(Modified("2", Pod("cache-0", "10.0.0.1", ready: false)));
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
    public async Task Json_IsALinePerSnapshot_SyncingAndStaleIncluded()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Say(
            Interrupted(FakeHost.Start, 1), Listed("1", Pod("cache-0", "10.0.0.1")), Interrupted(FakeHost.Start, 1), Resumed,
            Modified("2", Pod("cache-0", "10.0.0.1"), Pod("cache-1", "10.0.0.2")));
        host.Stop.OnNext(Unit.Default);

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal(
            ["syncing", "live", "stale", "live", "live"],
            host.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (string?)System.Text.Json.Nodes.JsonNode.Parse(l)!["freshness"]));
        Assert.Contains("not connected yet: connection refused", host.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "= live at version 1")]
    [InlineData("json", "{\"service\":\"prod/cache\",\"version\":\"1\"")]
    [InlineData("table", "cache in prod · version 1")]
    public async Task Once_PrintsTheFirstCompleteSnapshot_AndIsZero(string format, string expected)
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "--once", "-o", format);
        host.Say(Interrupted(FakeHost.Start, 1));
        Assert.Equal("", host.Out);
        Assert.False(run.IsCompleted);
        host.Say(Listed("1", Pod("cache-0", "10.0.0.1")));

        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Contains(expected, host.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', host.Out);
        Assert.False(host.Events.HasObservers);
    }

    [Fact]
    public async Task NoSnapshotInTime_IsThree_WithTheLastCause()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "--timeout", "5s");
        host.Say(Interrupted(FakeHost.Start, 1, "first cause"));
        host.Pass(3);
        host.Say(Interrupted(FakeHost.Start, 1, "last\ncause"));
        host.Pass(1.9);
        Assert.False(run.IsCompleted);
        host.Pass(0.2);

        Assert.Equal(ExitCode.Cluster, await run);
        Assert.EndsWith("no complete snapshot within 5s (--timeout); the last attempt:\nrxkube: last\\ncause\n", host.Error, StringComparison.Ordinal);
        Assert.Equal("", host.Out);
    }

    [Fact]
    public async Task NoAnswerAtAll_IsThreeToo_AfterHalfAMinute()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");
        host.Pass(29.9);
        Assert.False(run.IsCompleted);
        host.Pass(0.2);
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Contains("the server has not answered", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TimeoutZero_WaitsForEver_AndATimeoutIsOverOnceThereWasASnapshot()
    {
        var patient = new FakeHost();
        var waiting = patient.RunAsync("watch", "cache", "--timeout", "0");
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "--timeout", "5s");
        host.Say(Listed("1"), Interrupted(FakeHost.Start, 1));
        patient.Pass(100_000);
        host.Pass(100_000);

        Assert.False(waiting.IsCompleted);
        Assert.False(run.IsCompleted);
        patient.Stop.OnNext(Unit.Default);
        host.Stop.OnNext(Unit.Default);
        Assert.Equal(0, await waiting);
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task AnErrorThatWaitingCannotCure_IsThree_AndADefectIsOne()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache");
        host.Events.OnError(new KubeConfigurationException("/root/.kube/config is missing.\e[2J Cure: log in."));
        Assert.Equal(ExitCode.Cluster, await run);
        Assert.Equal("rxkube: /root/.kube/config is missing.\\x1b[2J Cure: log in.\n", host.Error);

        host = new FakeHost();
        run = host.RunAsync("watch", "cache");
        host.Events.OnError(new InvalidOperationException("a\e[2J"));
        Assert.Equal(ExitCode.Failed, await run);
        Assert.StartsWith("rxkube: unexpected InvalidOperationException: a\\x1b[2J\n", host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SkippedObjects_AreReportedOnceEach_OnStandardError_Escaped()
    {
        var host = new FakeHost();
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Say(
            Listed("1", Pod("cache-0", "10.0.0.1")), Skipped("2", "bad\e[2J", "endpoints: not an array"),
            Modified("3", Pod("cache-0", "10.0.0.1", ready: false)), Skipped("4", "bad\e[2J", "endpoints: not an array"));
        host.Stop.OnNext(Unit.Default);
        await run;
        Assert.Equal("rxkube: skipped prod/bad\\x1b[2J: endpoints: not an array\n", host.Error);
    }

    [Fact]
    public async Task NobodyReads_IsAQuietEnd()
    {
        var host = new FakeHost { OutWriter = new ClosedPipe(32) };
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Say(Listed("1", Pod("cache-0", "10.0.0.1")));
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal("", host.Error);
        Assert.False(host.Events.HasObservers);
    }

    [Fact]
    public async Task AFullDisk_IsNotAQuietEnd()
    {
        var host = new FakeHost { OutWriter = new ClosedPipe(28) };
        var run = host.RunAsync("watch", "cache", "-o", "json");
        host.Say(Listed("1", Pod("cache-0", "10.0.0.1")));
        Assert.Equal(ExitCode.Failed, await run);
        Assert.NotEqual("", host.Error);
    }

    [Theory]
    [InlineData(false, "auto", null, false)]
    [InlineData(true, "auto", null, true)]
    [InlineData(true, "auto", "1", false)]
    [InlineData(true, "auto", "", true)]
    [InlineData(true, "never", null, false)]
    [InlineData(false, "always", "1", true)]
    public async Task Colours_AreForTerminals_UnlessSaidOtherwise(bool isTerminal, string color, string? noColor, bool isColored)
    {
        var host = new FakeHost { IsTerminal = isTerminal };
        if (noColor is not null)
        {
            host.Variables["NO_COLOR"] = noColor;
        }

        var run = host.RunAsync("watch", "cache", "-o", "text", "--color", color, "--once");
        host.Say(Listed("1", Pod("cache-0", "10.0.0.1")));
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal(isColored, host.Out.Contains("\e[", StringComparison.Ordinal));
    }

    private sealed class ClosedPipe(int errno) : StringWriter
    {
        public override void Write(string? value) => throw new IOException("write failed", errno);
    }
}
