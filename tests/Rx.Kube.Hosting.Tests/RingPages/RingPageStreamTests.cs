using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests.RingPages;

/// <summary>The frames of one stream, in virtual time.</summary>
public sealed class RingPageStreamTests
{
    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    public void The_time_between_frames_is_an_option(int beyond, int frames)
    {
        using var scene = new PageScene(options: new() { FrameInterval = TimeSpan.FromSeconds(2) });
        scene.List("cache-0");
        var seen = new List<long>();
        using var stream = scene.Page.Paced().Subscribe(state => seen.Add(state.Sequence));
        scene.Modify("cache-0", "cache-1");

        scene.Clock.AdvanceBy(TimeSpan.FromMilliseconds(2000 + beyond));

        Assert.Equal(frames, seen.Count);
    }

    [Fact]
    public void The_first_frame_comes_at_once_and_then_at_most_four_a_second_with_the_newest_state()
    {
        using var scene = new PageScene();
        scene.List("cache-0");
        var frames = new List<(double Second, long Sequence)>();
        var start = scene.Clock.Now;
        using var stream = scene.Page.Paced().Subscribe(
            state => frames.Add(((scene.Clock.Now - start).TotalSeconds, state.Sequence)));
        Assert.Equal([(0.0, 1L)], frames);

        for (var change = 0; change < 300; change++)
        {
            scene.Clock.AdvanceBy(TimeSpan.FromMilliseconds(10));
            scene.Modify("cache-0", $"cache-{change % 3}");
        }

        scene.Clock.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Equal(scene.State.Sequence, frames[^1].Sequence);
        Assert.InRange(frames.Count, 12, 14);
        Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.True(pair.Second.Sequence > pair.First.Sequence));
        Assert.All(
            Enumerable.Range(0, 40), tenth => Assert.InRange(
                frames.Count(frame => frame.Second > tenth / 10.0 && frame.Second <= (tenth / 10.0) + 1), 0, 4));
    }

    [Fact]
    public void A_quiet_stream_repeats_its_state_every_five_seconds()
    {
        using var scene = new PageScene();
        scene.List("cache-0");
        var frames = new List<(double Second, long Sequence)>();
        var start = scene.Clock.Now;
        using var stream = scene.Page.Paced().Subscribe(
            state => frames.Add(((scene.Clock.Now - start).TotalSeconds, state.Sequence)));

        scene.Clock.AdvanceBy(TimeSpan.FromSeconds(16));

        Assert.Equal([(0.0, 1L), (5.0, 1L), (10.0, 1L), (15.0, 1L)], frames);
        Assert.InRange(scene.Event(after: 1).Length, 1, 700);
    }

    [Fact]
    public void An_event_has_the_id_that_a_reader_sends_back()
    {
        using var scene = new PageScene();
        scene.List("cache-0");

        var lines = scene.Event(isFirst: true).Split('\n');

        Assert.Equal(["retry: 2000", "event: full", $"id: {scene.Page.Epoch}-1"], lines[..3]);
        Assert.StartsWith("data: {\"id\":", lines[3], StringComparison.Ordinal);
        Assert.Equal(["", ""], lines[4..]);
        Assert.Equal(1, scene.Page.After($"{scene.Page.Epoch}-1", scene.State));
        Assert.StartsWith("event: diff\n", scene.Event(after: 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("other-1")]
    [InlineData("EPOCH-")]
    [InlineData("EPOCH-0")]
    [InlineData("EPOCH--1")]
    [InlineData("EPOCH-3")]
    [InlineData("EPOCH-99999999999999999999")]
    public void A_reader_with_the_id_of_another_page_gets_a_full_frame(string? id)
    {
        using var scene = new PageScene();
        scene.List("cache-0");
        scene.Modify("cache-0", "cache-1");

        Assert.Null(scene.Page.After(id?.Replace("EPOCH", scene.Page.Epoch, StringComparison.Ordinal), scene.State));
    }

    [Fact]
    public void A_reader_that_was_away_for_longer_than_changes_are_kept_gets_a_full_frame()
    {
        using var scene = new PageScene();
        scene.List("cache-0");
        scene.Modify("cache-0", "cache-1");
        var id = $"{scene.Page.Epoch}-1";
        Assert.NotNull(scene.Page.After(id, scene.State));

        scene.Clock.AdvanceBy(TimeSpan.FromHours(2));
        scene.Modify("cache-0", "cache-2");

        Assert.Null(scene.Page.After(id, scene.State));
        Assert.Equal(2, scene.Page.After($"{scene.Page.Epoch}-2", scene.State));
    }

    [Fact]
    public void A_frame_before_the_first_list_is_syncing_and_names_from_the_network_are_escaped()
    {
        using var scene = new PageScene();
        Assert.Equal(("syncing", null), ((string?)scene.Frame()["freshness"], scene.Frame()["ring"]));

        scene.List("<script>alert(1)</script>\u202e\r\nevent: full");

        var text = scene.Event();
        Assert.All(text, c => Assert.True(c is '\n' or (>= ' ' and <= '~'), $"{(int)c}"));
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
        Assert.Equal(5, text.Split('\n').Length);
    }

    [Fact]
    public void The_failure_of_the_source_reaches_who_serves_the_page()
    {
        using var scene = new PageScene();
        Exception? failure = null;
        using var subscription = scene.Page.States.Subscribe(_ => { }, error => failure = error);
        scene.List("cache-0");

        scene.Fail(new KubeConfigurationException("no"));

        Assert.IsType<KubeConfigurationException>(failure);
        Assert.Single(scene.State.Rows);
    }
}
