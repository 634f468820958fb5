namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// A thousand clients of three API servers, with watches of all ages. Whatever ends their watches at one instant, at most a tenth of the
/// requests that follow are in any 100 ms. <see cref="HerdTests"/> has watches of equal age.
/// </summary>
public sealed class FleetHerdTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Clients = 1_000;

    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(120)]
    public void A_rolling_restart_of_three_servers_is_no_herd(int secondsBetween)
    {
        using var fleet = new Fleet(Clients, servers: 3);
        var (start, dropped) = (fleet.Now, 0);
        for (var server = 0; server < 3; server++)
        {
            dropped += fleet.Restart(server);
            fleet.Pass(TimeSpan.FromSeconds(secondsBetween));
        }

        fleet.Pass(TimeSpan.FromSeconds(10));
        Assert.InRange(dropped, Clients, Clients * 2);
        Check($"rolling restart, {secondsBetween} s apart", fleet, start, dropped);
    }

    [Fact]
    public void A_410_to_all_watches_is_no_herd_and_costs_each_client_a_list_and_a_watch()
    {
        using var fleet = new Fleet(Clients, servers: 3);
        var start = fleet.Now;
        var failed = fleet.Fail(new KubeStatusException("gone", new KubeStatus(410, "Expired", "", [])));
        fleet.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(Clients, failed);
        Check("mass 410", fleet, start, Clients * 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void A_429_with_one_Retry_After_to_all_watches_is_no_herd_and_nothing_comes_before_it(int seconds)
    {
        using var fleet = new Fleet(Clients, servers: 3);
        var start = fleet.Now;
        fleet.Fail(new KubeStatusException("slow down", new KubeStatus(429, "", "", []), TimeSpan.FromSeconds(seconds)));
        fleet.Pass(TimeSpan.FromSeconds(seconds + 10));

        Assert.InRange(fleet.Requests.First(r => r >= start), start + (seconds * 1_000), long.MaxValue);
        Check($"mass 429, Retry-After {seconds} s", fleet, start, Clients);
    }

    /// <param name="what">The episode.</param>
    /// <param name="fleet">The clients.</param>
    /// <param name="start">When it began.</param>
    /// <param name="caused">How many requests it causes at least; there are others, because watches reach their lifetime.</param>
    private void Check(string what, Fleet fleet, long start, int caused)
    {
        var requests = fleet.Requests.Where(r => r >= start).ToList();
        var peak = HerdTests.Peak(requests);
        output.WriteLine($"{what}: {requests.Count} requests, {caused} of them caused; at most {peak} in 100 ms");
        Assert.InRange(requests.Count, caused, caused + Clients);
        Assert.InRange(peak, 1, caused / 10);
    }
}
