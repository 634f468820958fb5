namespace Rx.Kube.Tests.Topology;

/// <summary>Shares of requests without a key, where some pods are dead that the slices still list.</summary>
public sealed class TrafficTurnsTests
{
    private const int Rounds = 200;

    public static TheoryData<int, int> Services
    {
        get
        {
            var services = new TheoryData<int, int>();
            for (var count = 2; count <= 9; count++)
            {
                for (var dead = 1; dead < count; dead++)
                {
                    services.Add(count, dead);
                }
            }

            return services;
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Those_that_are_known_to_be_dead_cost_nothing_and_their_share_is_spread_evenly(int count, int dead) =>
        ForEachSet(count, dead, (pods, isDead, start) =>
        {
            var turns = new TrafficTurns(start);
            var shares = new int[count];
            for (var request = 0; request < Rounds * count; request++)
            {
                shares[int.Parse(turns.Next(pods, isDead, (pod, isDead) => !isDead[int.Parse(pod)], 0)!)]++;
            }

            var alive = shares.Where((_, pod) => !isDead[pod]).ToArray();
            Assert.Equal(Rounds * count, alive.Sum());
            Assert.InRange(alive.Max() - alive.Min(), 0, 1);
        });

    [Theory]
    [MemberData(nameof(Services))]
    public void Those_that_are_found_to_be_dead_cost_about_what_chance_would_and_their_share_is_spread_evenly(int count, int dead) =>
        ForEachSet(count, dead, (pods, isDead, start) =>
        {
            var turns = new TrafficTurns(start);
            var shares = new int[count];
            var failed = 0;
            for (var request = 0; request < Rounds * count; request++)
            {
                for (var tried = new List<string>(); ; failed++)
                {
                    var pod = turns.Next(pods, tried, (pod, tried) => !tried.Contains(pod), tried.Count)!;
                    if (!isDead[int.Parse(pod)])
                    {
                        shares[int.Parse(pod)]++;
                        break;
                    }

                    tried.Add(pod);
                }
            }

            // Drawn without replacement, the living one comes after dead / (alive + 1) dead ones in the mean.
            var perRequest = failed / (double)(Rounds * count);
            var mean = dead / (double)(count - dead + 1);
            var alive = shares.Where((_, pod) => !isDead[pod]).ToArray();
            var share = Rounds * count / (double)alive.Length;
            Assert.InRange(perRequest, 0.6 * mean, 1.45 * mean); // 1.7 with one order for all further attempts
            Assert.All(alive, one => Assert.InRange(one, 0.97 * share, 1.03 * share));
        });

    [Fact]
    public void Each_of_several_processes_begins_with_another_one()
    {
        string[] pods = ["0", "1", "2"];

        Assert.Equal(["1", "2", "0"], new[] { 0u, 1u, 2u }.Select(start => new TrafficTurns(start).Next(pods, 0, (_, _) => true, 0)));
    }

    [Fact]
    public void There_is_no_turn_where_none_can_be_used()
    {
        Assert.Null(new TrafficTurns(0).Next<string, int>([], 0, (_, _) => true, 0));
        Assert.Null(new TrafficTurns(0).Next(["0", "1"], 0, (_, _) => false, 3));
    }

    // Each set of dead ones, with each start.
    private static void ForEachSet(int count, int dead, Action<string[], bool[], uint> check)
    {
        string[] pods = [.. Enumerable.Range(0, count).Select(pod => pod.ToString())];
        for (var set = 0; set < 1 << count; set++)
        {
            if (int.PopCount(set) == dead)
            {
                bool[] isDead = [.. pods.Select((_, pod) => (set >> pod & 1) == 1)];
                for (var start = 0u; start < count; start++)
                {
                    check(pods, isDead, start);
                }
            }
        }
    }
}
