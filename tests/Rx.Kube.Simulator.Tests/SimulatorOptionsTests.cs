namespace Rx.Kube.Simulator.Tests;

public sealed class SimulatorOptionsTests
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);
    private static readonly TimeSpan _millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);

    public static TheoryData<string, Action<TimeSpan>, TimeSpan> Times => new()
    {
        { "BookmarkInterval", t => _ = new SimulatorOptions { BookmarkInterval = t }, _millisecond },
        { "MinWatchTimeout", t => _ = new SimulatorOptions { MinWatchTimeout = t }, _millisecond },
        { "VersionWait", t => _ = new SimulatorOptions { VersionWait = t }, TimeSpan.Zero },
        { "by", t => _ = Fault.Delay(t), TimeSpan.Zero },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void A_time_is_at_most_a_day(string name, Action<TimeSpan> set, TimeSpan least)
    {
        set(least);
        set(_day);

        foreach (var wrong in (TimeSpan[])[Timeout.InfiniteTimeSpan, least - _tick, _day + _tick, TimeSpan.MaxValue])
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => set(wrong)).ParamName);
        }
    }

    [Fact]
    public void A_count_is_at_least_one()
    {
        Assert.Equal("History", Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatorOptions { History = 0 }).ParamName);
        Assert.Equal("WatchBuffer", Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatorOptions { WatchBuffer = 0 }).ParamName);
        _ = new SimulatorOptions { History = 1, WatchBuffer = 1 };
    }
}
