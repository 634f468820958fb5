using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

public class ResumeOptionsTests
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);

    public static TheoryData<string, Action<TimeSpan>, TimeSpan> Times => new()
    {
        { "Initial", t => _ = new Backoff { Initial = t }, _tick },
        { "Max", t => _ = new Backoff { Max = t }, _tick },
        { "ResetAfter", t => _ = new Backoff { ResetAfter = t }, _tick },
        { "WatchTimeout", t => _ = new ResumeOptions { WatchTimeout = t }, TimeSpan.FromSeconds(1) },
        { "SilenceTimeout", t => _ = new ResumeOptions { SilenceTimeout = t }, _tick },
        { "AuditInterval", t => _ = new ResumeOptions { AuditInterval = t }, _tick },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void A_time_is_at_most_a_day_and_the_error_names_the_option(string name, Action<TimeSpan> set, TimeSpan least)
    {
        set(least);
        set(_day);

        foreach (var wrong in (TimeSpan[])[TimeSpan.MinValue, -_tick, TimeSpan.Zero, least - _tick, _day + _tick, TimeSpan.MaxValue])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => set(wrong));
            Assert.Equal(name, error.ParamName);
            Assert.Contains("at most 1 day", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(0.99, false)]
    [InlineData(100.1, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void A_factor_is_from_1_to_100(double value, bool isAllowed) =>
        AssertAllowed(isAllowed, "Factor", () => _ = new Backoff { Factor = value });

    [Theory]
    [InlineData(0, true)]
    [InlineData(10, true)]
    [InlineData(-0.1, false)]
    [InlineData(10.1, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void A_jitter_is_from_0_to_10(double value, bool isAllowed) =>
        AssertAllowed(isAllowed, "Jitter", () => _ = new Backoff { Jitter = value });

    [Theory]
    [InlineData(0, true)]
    [InlineData(1_000_000, true)]
    [InlineData(-1, false)]
    [InlineData(1_000_001, false)]
    public void The_audited_objects_are_from_0_to_1000000(int value, bool isAllowed) =>
        AssertAllowed(isAllowed, "MaxAuditedObjects", () => _ = new ResumeOptions { MaxAuditedObjects = value });

    [Theory]
    [InlineData(1, true)]
    [InlineData(TimeSpan.TicksPerDay, true)]
    [InlineData(0, false)]
    [InlineData(TimeSpan.TicksPerDay + 1, false)]
    public void The_longest_wait_that_a_server_may_ask_for_is_up_to_a_day(long ticks, bool isAllowed) =>
        AssertAllowed(isAllowed, "MaxRetryAfter", () => _ = new ResumeOptions { MaxRetryAfter = TimeSpan.FromTicks(ticks) });

    [Fact]
    public void A_backoff_that_starts_above_its_maximum_is_refused()
    {
        var backoff = new Backoff { Initial = TimeSpan.FromMinutes(1), Max = TimeSpan.FromMinutes(1) };
        Assert.Equal(backoff, new ResumeOptions { Backoff = backoff }.Backoff);

        var error = Assert.Throws<ArgumentException>(
            () => new ResumeOptions { Backoff = backoff with { Max = TimeSpan.FromSeconds(59) } });
        Assert.Equal("Backoff", error.ParamName);
        Assert.Contains("Initial is 00:01:00, more than Max, 00:00:59. To fix: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_backoff_or_random_source_is_refused()
    {
        Assert.Equal("Backoff", Assert.Throws<ArgumentNullException>(() => new ResumeOptions { Backoff = null! }).ParamName);
        Assert.Equal("Random", Assert.Throws<ArgumentNullException>(() => new ResumeOptions { Random = null! }).ParamName);
    }

    [Fact]
    public void At_the_largest_options_a_day_of_silent_watches_is_one_list()
    {
        var clock = new VirtualClock();
        var server = ResumeRun.Script(clock, ["(l|)"], ["B 2s |", "B", "B", ""]);
        var options = new ResumeOptions
        {
            WatchTimeout = _day,
            SilenceTimeout = _day,
            Random = RandomSource.Constant(Math.BitDecrement(1.0)),
            Backoff = new() { Initial = _day, Max = _day, ResetAfter = _day, Factor = 100, Jitter = 10 },
        };
        using var subscription = server.Resume(options, clock).Subscribe(_ => { });

        clock.AdvanceTo(TimeSpan.FromDays(2.5));

        server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 25 at 2041 ms", "watch from 25 at 86405041 ms",
            "watch from 25 at 172808041 ms");
    }

    [Fact]
    public void The_longest_backoff_is_eleven_days()
    {
        var backoff = new Backoff { Initial = _day, Max = _day, Factor = 100, Jitter = 10 };

        Assert.InRange(backoff.Delay(int.MaxValue, Math.BitDecrement(1.0)), TimeSpan.FromDays(10.999), TimeSpan.FromDays(11));
    }

    private static void AssertAllowed(bool isAllowed, string name, Action set)
    {
        if (isAllowed)
        {
            set();
        }
        else
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(set).ParamName);
        }
    }
}
