using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>When the server was last heard: a monotonic age, told on the wall clock.</summary>
public class WatchEvidenceTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Before_the_first_bytes_there_is_no_age()
    {
        var evidence = new WatchEvidence(new VirtualClock());

        Assert.Equal((null, null), (evidence.Age, evidence.LastReceived));
        Assert.Equal("nothing received", $"{evidence}");
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void The_age_does_not_follow_the_wall_clock_and_the_time_is_told_on_it(int jump)
    {
        var clock = new VirtualClock(_start);
        var wall = new JumpingClock(clock);
        var evidence = new WatchEvidence(wall);
        clock.AdvanceTo(TimeSpan.FromSeconds(5));
        evidence.Note();
        clock.AdvanceTo(TimeSpan.FromSeconds(15));
        wall.Jumped = TimeSpan.FromSeconds(jump);

        Assert.Equal(TimeSpan.FromSeconds(10), evidence.Age);
        Assert.Equal(_start + TimeSpan.FromSeconds(5 + jump), evidence.LastReceived);
        Assert.Equal("received 10.0 s ago", $"{evidence}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void An_interruption_is_since_the_server_was_last_heard_also_when_the_wall_clock_was_set(int jump)
    {
        var clock = new VirtualClock(_start);
        var wall = new JumpingClock(clock);
        var seen = new List<WatchInterruption>();
        var server = Script(clock, ["(l|)"], ["20s a 40s #", "#", "#", ""]);
        using var subscription = server.Resume(LongWaits, wall)
            .Subscribe(e => seen.AddRange(e is WatchEvent<string>.Interrupted i ? [i.Interruption] : []));

        clock.AdvanceTo(TimeSpan.FromSeconds(30));
        wall.Jumped = TimeSpan.FromSeconds(jump);
        clock.AdvanceTo(TimeSpan.FromSeconds(70));

        Assert.Equal(2, seen.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(40_001), seen[0].At - seen[0].Since);
        Assert.Equal(_start + TimeSpan.FromSeconds(20 + jump), seen[0].Since);
        Assert.Equal(seen[0].Since, seen[1].Since);
    }

    [Fact]
    public void A_bookmark_is_evidence_too()
    {
        var clock = new VirtualClock(_start);
        DateTimeOffset? since = null;
        using var subscription = Script(clock, ["(l|)"], ["20s B 40s #", "#", ""]).Resume(LongWaits, clock)
            .Subscribe(e => since = e is WatchEvent<string>.Interrupted i ? i.Interruption.Since : since);
        clock.AdvanceTo(TimeSpan.FromSeconds(70));

        Assert.Equal(_start + TimeSpan.FromSeconds(20), since);
    }

    [Fact]
    public void A_list_is_evidence_too()
    {
        var clock = new VirtualClock(_start);
        DateTimeOffset? since = null;
        using var subscription = Script(clock, ["2s (l|)"], ["20s #", ""]).Resume(LongWaits, clock)
            .Subscribe(e => since = e is WatchEvent<string>.Interrupted i ? i.Interruption.Since : since);
        clock.AdvanceTo(TimeSpan.FromSeconds(70));

        Assert.Equal(_start + TimeSpan.FromSeconds(2), since);
    }

    [Fact]
    public void It_is_no_part_of_the_equality_of_what_carries_it()
    {
        var heard = new WatchEvidence(new VirtualClock());
        heard.Note();
        var list = new WatchEvent<string>.Listed(["x"], "17");

        Assert.Equal(list with { Evidence = heard }, list);
        Assert.Equal((list with { Evidence = heard }).GetHashCode(), list.GetHashCode());
    }
}
