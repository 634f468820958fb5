using System.Reactive.Linq;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching;

/// <summary>Servers, sources and clocks that misbehave in ways the plain resume rules do not cover.</summary>
public class ResumeFaultTests
{
    [Theory]
    [InlineData("(M|)", "(m|)")]
    [InlineData("(c|)", "(n|)")]
    public void Closing_at_once_after_one_event_is_limited_by_the_backoff(string connection, string list)
    {
        var run = Play(["(l|)", .. Enumerable.Repeat(list, 20)], [.. Enumerable.Repeat(connection, 200)], until: 600_000);

        Assert.InRange(run.Server.Requests.Count(r => r.Watch is not null), 20, 30);
        Assert.InRange(run.Server.Requests.Count(r => r.List is not null), 1, 6);
    }

    [Fact]
    public void Gone_at_once_after_one_event_is_limited_by_the_backoff()
    {
        var run = Play(["(l|)", .. Enumerable.Repeat("(m|)", 200)], [.. Enumerable.Repeat("(M#gone)", 200)], until: 600_000);

        Assert.InRange(run.Server.Requests.Count, 20, 60);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void Setting_the_wall_clock_changes_nothing(int seconds)
    {
        var clock = new VirtualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var wall = new JumpingClock(clock);
        var seen = new List<string>();
        var server = Script(clock, ["(l|)"], ["10s |", "1s #", "1s #", ""]);
        using var subscription = server.Resume(NoJitter, wall).Subscribe(e => seen.Add(e is WatchEvent<string>.Interrupted i
            ? $"{i.Interruption.Kind} +{i.Interruption.RetryAfter.TotalMilliseconds:0}" : e.GetType().Name));

        foreach (var at in (double[])[5, 12.5, 30])
        {
            clock.AdvanceTo(TimeSpan.FromSeconds(at));
            wall.Jumped += TimeSpan.FromSeconds(seconds);
        }

        Assert.Equal(
            ["Listed", "Closed +0", "Unreachable +800", "Unreachable +1600", "Resumed"],
            seen.Where((s, i) => i == 0 || s != seen[i - 1]).Where((s, i) => s != "Resumed" || i > 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_source_that_throws_instead_of_failing_is_resumed_like_one_that_fails(bool inSubscribe)
    {
        var clock = new VirtualClock();
        var seen = new List<string>();
        var source = new ThrowingWatch(Script(clock, ["(l|)"], ["2s |", ""]), inSubscribe);
        using var subscription = source.Resume(LongWaits, clock).Subscribe(e => seen.Add(e.GetType().Name), e => seen.Add(e.Message));

        clock.AdvanceTo(TimeSpan.FromMinutes(1));

        Assert.Equal(["Listed", "Interrupted", "Resumed"], seen);
    }

    private sealed class ThrowingWatch(IWatchable<string> inner, bool inSubscribe) : IWatchable<string>
    {
        private int _watches;

        public IObservable<WatchEvent<string>.Listed> List(ListOptions options) => inner.List(options);

        public IObservable<WatchEvent<string>> Watch(WatchOptions options) =>
            ++_watches != 2 ? inner.Watch(options) : inSubscribe ? new Refusing() : throw new IOException("no such pipe");
    }

    private sealed class Refusing : IObservable<WatchEvent<string>>
    {
        public IDisposable Subscribe(IObserver<WatchEvent<string>> observer) => throw new IOException("no such pipe");
    }
}
