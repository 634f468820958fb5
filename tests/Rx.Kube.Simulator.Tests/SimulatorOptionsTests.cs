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
        { "HeadersTimeout", t => _ = new SimulatorOptions { HeadersTimeout = t }, _millisecond },
        { "IdleTimeout", t => _ = new SimulatorOptions { IdleTimeout = t }, _millisecond },
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

    [Theory]
    [InlineData("MaxConnections", int.MaxValue)]
    [InlineData("MaxObjectBytes", int.MaxValue)]
    [InlineData("MaxObjects", int.MaxValue)]
    [InlineData("MaxStoredBytes", int.MaxValue)]
    [InlineData("MaxBodyBytes", int.MaxValue)]
    [InlineData("MaxBodyValues", int.MaxValue)]
    [InlineData("MaxBodyDepth", 500)]
    [InlineData("MaxPatchOperations", int.MaxValue)]
    [InlineData("MaxPatchCopyBytes", int.MaxValue)]
    [InlineData("MaxPatchSteps", int.MaxValue)]
    [InlineData("MaxWatchBytes", int.MaxValue)]
    [InlineData("MaxRequestLineBytes", 1024 * 1024)]
    [InlineData("MaxHeaderBytes", 1024 * 1024)]
    [InlineData("MaxMediaTypes", 10_000)]
    public async Task A_limit_has_a_range_and_a_server_starts_at_its_ends(string name, int most)
    {
        foreach (var value in (int[])[1, most])
        {
            await using var server = await ApiServerSimulator.StartAsync(With(value));
        }

        foreach (var value in most < int.MaxValue ? (int[])[-1, 0, most + 1] : [-1, 0])
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => With(value)).ParamName);
        }

        SimulatorOptions With(int value) => name switch
        {
            "MaxConnections" => new() { MaxConnections = value },
            "MaxObjectBytes" => new() { MaxObjectBytes = value },
            "MaxObjects" => new() { MaxObjects = value },
            "MaxStoredBytes" => new() { MaxStoredBytes = value },
            "MaxBodyBytes" => new() { MaxBodyBytes = value },
            "MaxBodyValues" => new() { MaxBodyValues = value },
            "MaxBodyDepth" => new() { MaxBodyDepth = value },
            "MaxPatchOperations" => new() { MaxPatchOperations = value },
            "MaxPatchCopyBytes" => new() { MaxPatchCopyBytes = value },
            "MaxPatchSteps" => new() { MaxPatchSteps = value },
            "MaxWatchBytes" => new() { MaxWatchBytes = value },
            "MaxRequestLineBytes" => new() { MaxRequestLineBytes = value },
            "MaxHeaderBytes" => new() { MaxHeaderBytes = value },
            _ => new() { MaxMediaTypes = value },
        };
    }
}
