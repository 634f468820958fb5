namespace Rx.Kube.Tests.Operators;

/// <summary>The operator against its definition, computed naively from the whole history.</summary>
public class HoldDeparturesProperties
{
    [Fact]
    public void At_each_time_the_members_are_those_seen_within_the_grace_with_their_last_endpoints() => HistoryInTime.ForEvery(history =>
    {
        var grace = history.Random.Next(8);
        var seen = history.Through((source, clock) => source.HoldDepartures(TimeSpan.FromMilliseconds(grace), clock));

        for (var now = 0L; now <= history.Inputs[^1].At + grace + 1; now++)
        {
            var latest = history.Inputs.LastOrDefault(i => i.At <= now).Snapshot;
            var shown = seen.LastOrDefault(s => s.At <= now).Value;
            Assert.Equal(latest is null, shown is null);
            if (latest is not null)
            {
                Assert.Equal(Defined(history.Inputs, now, grace), shown!.Endpoints.AsEnumerable());
                Assert.Equal((latest.Version, latest.Freshness), (shown.Version, shown.Freshness));
            }
        }
    });

    [Fact]
    public void Each_snapshot_gives_one_and_each_expiry_one_more() => HistoryInTime.ForEvery(history =>
    {
        var grace = history.Random.Next(8);
        var seen = history.Through((source, clock) => source.HoldDepartures(TimeSpan.FromMilliseconds(grace), clock));

        HistoryInTime.AreSound([.. seen.Select(s => s.Value)]);
        var frames = history.Inputs.Select(i => i.At).ToHashSet();
        Assert.Equal(history.Inputs.Select(i => i.At), seen.Where(s => frames.Contains(s.At)).Select(s => s.At));
        foreach (var (before, now) in seen.Zip(seen.Skip(1)).Where(pair => !frames.Contains(pair.Second.At)))
        {
            var changes = now.Value.DiffFrom(before.Value);
            Assert.Empty(changes.Added);
            Assert.Empty(changes.Updated);
            Assert.NotEmpty(changes.Removed);
            Assert.All(changes.Removed, r => Assert.All(r.Previous, e => Assert.True(e.IsHeld)));
        }
    });

    [Fact]
    public void A_zero_grace_changes_nothing() => HistoryInTime.ForEvery(history =>
    {
        var seen = history.Through((source, clock) => source.HoldDepartures(TimeSpan.Zero, clock));
        Assert.Equal(history.Inputs, seen);
    });

    /// <summary>
    /// Each snapshot counts from its frame until the grace after the frame of the next one. A member that is only in earlier ones is held
    /// as it was there.
    /// </summary>
    private static IEnumerable<TopologyEndpoint> Defined(List<(long At, ServiceTopology Snapshot)> inputs, long now, int grace)
    {
        var members = new SortedDictionary<string, TopologyEndpoint[]>(StringComparer.Ordinal);
        for (var i = 0; i < inputs.Count && inputs[i].At <= now; i++)
        {
            var isLatest = i == inputs.Count - 1 || inputs[i + 1].At > now;
            if (isLatest || now < inputs[i + 1].At + grace)
            {
                foreach (var member in inputs[i].Snapshot.Endpoints.GroupBy(e => e.Member))
                {
                    members[member.Key] = isLatest ? [.. member] : [.. member.Select(Held)];
                }
            }
        }

        return members.Values.SelectMany(e => e);
    }

    private static TopologyEndpoint Held(TopologyEndpoint e) =>
        e with { Ready = false, Serving = false, Terminating = true, IsHeld = true };
}
