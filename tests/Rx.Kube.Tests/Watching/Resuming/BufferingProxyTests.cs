using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>A proxy on the way holds the answer to a watch back: until its first event, or until it ends.</summary>
public class BufferingProxyTests
{
    [Fact]
    public void Headers_that_come_with_the_first_event_are_waited_for()
    {
        var run = Play(["(l|)"], ["200s ^a"], until: 300_000);

        run.Saw("0 Listed 17", "30000 Interrupted Silent +0", "200001 Resumed", "200001 Added a@18");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms");
    }

    [Fact]
    public void A_watch_that_arrives_as_a_whole_at_its_end_brings_its_events_each_time()
    {
        var run = Play(["(l|)"], ["300s (^a|)", "300s (^b|)", "300s (^c|)"], until: 610_000);

        run.Saw(
            "0 Listed 17", "30000 Interrupted Silent +0", "300000 Resumed", "300000 Added a@18", "301000 Interrupted Closed +0",
            "330000 Interrupted Silent +0", "600000 Resumed", "600000 Added b@19", "601000 Interrupted Closed +0");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 300000 ms", "watch from 19 at 600000 ms");
    }

    [Fact]
    public void The_interruption_names_a_path_that_buffers_and_how_to_fix_it()
    {
        var run = Play(["(l|)"], ["200s ^a"], until: 100_000);

        var silent = Assert.Single(run.Events.OfType<WatchEvent<string>.Interrupted>()).Interruption;
        Assert.Equal(InterruptionKind.Silent, silent.Kind);
        Assert.Contains("proxy", silent.Message, StringComparison.Ordinal);
        Assert.Contains("To fix: turn off the buffering of responses", silent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_within_30_s_are_nothing_to_report() =>
        Play(["(l|)"], ["29s ^ 10s a"], until: 60_000).Saw("0 Listed 17", "39001 Added a@18");
}
