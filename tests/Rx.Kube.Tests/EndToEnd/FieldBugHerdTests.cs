using Rx.Kube.Testing;
using Rx.Kube.Tests.Watching.Resuming;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>A bug of other clients, kubernetes#87794: what all clients do at one instant must not be a herd.</summary>
public sealed class FieldBugHerdTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Clients = 1_000;
    private const int Gone = 60_000;

    [Fact]
    public void Bug13_A_410_to_a_thousand_clients_is_spread_and_relists_at_the_last_version_first_and_at_the_most_recent_second()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var (clock, random) = (new VirtualClock(), new Random(20261128));
        var http = new ScriptedHttp(clock)
        {
            // All watches get 410 at the same instant, and no server has reached the last version of the clients.
            Answer = r => r.Query("watch") is not null ? r.Frame < Gone - 1 ? Watch($"{Gone - 1 - r.Frame}ms g") : Watch("^")
                : r.Query("resourceVersion") is not null ? Status(504, "Timeout", "Too large resource version: 17, current: 16")
                : List("17", "a"),
        };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var subscriptions = Enumerable.Range(0, Clients)
            .Select(i => connection.EndpointSlices(service: $"s{i}")
                .Resume(new() { Random = RandomSource.Seeded(random.Next()) }, clock).Subscribe())
            .ToList();
        clock.AdvanceTo(TimeSpan.FromSeconds(70));

        var after = http.Requests.Where(r => r.Frame >= Gone - 1).ToList();
        Assert.All(
            http.Requests.GroupBy(r => r.Query("labelSelector")),
            its => Assert.Equal(
                ["list", "watch from 17", "list not older than 17", "list", "watch from 17"], its.Select(Run.Short)));
        var lists = after.Where(r => r.Query("resourceVersionMatch") is not null).Select(r => r.Frame).ToList();
        var peak = HerdTests.Peak([.. after.Select(r => r.Frame)]);
        output.WriteLine($"{lists.Count} relists over {lists.Max() - lists.Min()} ms; {peak} of {after.Count} requests in 100 ms");
        Assert.InRange(lists.Max() - lists.Min(), 1_400, 1_500);
        Assert.InRange(HerdTests.Peak(lists), 1, Clients / 10);
        Assert.InRange(peak, 1, after.Count / 10);
        subscriptions.ForEach(s => s.Dispose());
    }
}
