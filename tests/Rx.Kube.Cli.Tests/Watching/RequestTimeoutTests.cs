using System.Reactive.Concurrency;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Tests.Watching;

public class RequestTimeoutTests
{
    [Theory]
    [InlineData(0, 86_400)]
    [InlineData(1, 1)]
    [InlineData(86_400, 86_400)]
    [InlineData(86_401, 86_400)]
    public void Zero_and_more_than_a_day_count_as_a_day(int written, int seconds)
    {
        var settings = new WatchSettings("cache") { RequestTimeout = TimeSpan.FromSeconds(written) };

        Assert.Equal(TimeSpan.FromSeconds(seconds), WatchSources.OptionsOf(settings, Scheduler.Default).ResponseTimeout);
    }

    [Fact]
    public void Without_the_option_it_is_the_default_of_the_connection() => Assert.Equal(
        new KubeConnectionOptions().ResponseTimeout, WatchSources.OptionsOf(new("cache"), Scheduler.Default).ResponseTimeout);
}
