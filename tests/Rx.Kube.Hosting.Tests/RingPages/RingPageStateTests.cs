using System.Collections.Immutable;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Hosting.Tests.RingPages;

/// <summary>What the page of a ring shows, in virtual time.</summary>
public sealed class RingPageStateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_any_changes_the_shares_are_those_of_the_ring(int replicas)
    {
        using var scene = new PageScene(replicas);
        foreach (var members in RandomMembers(seed: 7 + replicas, steps: 60))
        {
            scene.List(members);

            Assert.Equal(
                scene.View.Ring.Shares().Select(s => (s.Member.Name, s.Member.Zone, s.Share)),
                scene.State.Rows.Values.Select(row => (row.Member.Name, row.Member.Zone, row.Share)));
        }
    }

    [Fact]
    public void A_difference_from_any_earlier_frame_gives_what_a_full_frame_gives()
    {
        using var scene = new PageScene(2);
        var readers = new List<(long Sequence, FrameReader Reader)>();
        foreach (var members in RandomMembers(seed: 3, steps: 40))
        {
            scene.List(members);
            var full = new FrameReader();
            full.Apply(scene.Frame(), isFull: true);
            foreach (var (sequence, reader) in readers.Where((_, index) => index % 3 == readers.Count % 3).ToList())
            {
                reader.Apply(scene.Frame(sequence), isFull: false);
                Assert.Equal($"{full}", $"{reader}");
            }

            readers = [.. readers.Select((pair, index) => index % 3 == readers.Count % 3 ? (scene.State.Sequence, pair.Reader) : pair)];
            readers.Add((scene.State.Sequence, full));
        }
    }

    [Fact]
    public async Task Every_earlier_ring_is_made_again_as_it_was()
    {
        using var scene = new PageScene(2);
        var seen = new List<(long Id, string Version, ulong Fingerprint)>();
        foreach (var members in RandomMembers(seed: 11, steps: 50))
        {
            scene.List(members);
            if (seen.Count == 0 || seen[^1].Version != scene.View.Version)
            {
                seen.Add((scene.State.Sequence, scene.View.Version, scene.View.Fingerprint));
            }
        }

        Assert.InRange(seen.Count, 30, 50);
        foreach (var (id, version, fingerprint) in seen)
        {
            var past = await scene.Page.PastAsync(id, default);
            Assert.Equal((version, fingerprint), (past!.Change.Version, past.Replicas.Fingerprint));
        }

        Assert.Null(await scene.Page.PastAsync(12345, default));
    }

    [Fact]
    public void A_member_that_left_is_a_change_with_what_moved()
    {
        using var scene = new PageScene();
        scene.List("cache-0", "cache-1", "cache-2", "cache-3");
        scene.Clock.AdvanceBy(TimeSpan.FromSeconds(3));
        scene.Modify("cache-0", "cache-1", "cache-2");

        var change = scene.State.History.Changes[^1];
        Assert.Equal(
            (RingPageChangeKind.Ring, "cache-3", 3, scene.Clock.Now, "2"),
            (change.Kind, change.Left.Single().Name, change.MemberCount, change.At, change.Version));
        Assert.Equal(0.25, change.Ideal, 12);
        Assert.Equal(0, change.Needless);
        Assert.InRange(change.Moved, 0.15, 0.35);
        var json = scene.Frame()["changes"]![1]!;
        Assert.Equal("cache-3", (string?)json["left"]![0]);
        Assert.Equal(change.Moved, (double)json["moved"]!);
    }

    [Fact]
    public void An_outage_is_one_change_and_the_members_stay()
    {
        using var scene = new PageScene();
        scene.List("cache-0", "cache-1");
        scene.Interrupt("connection refused");
        scene.Interrupt("connection refused again");
        Assert.Equal("stale", (string?)scene.Frame()["freshness"]);
        Assert.Equal("connection refused again", (string?)scene.Frame()["cause"]!["message"]);
        Assert.Equal(2, scene.Frame()["members"]!.AsArray().Count);
        scene.Clock.AdvanceBy(TimeSpan.FromSeconds(10));
        scene.Resume();

        Assert.Equal(
            [RingPageChangeKind.First, RingPageChangeKind.Stale, RingPageChangeKind.Live],
            scene.State.History.Changes.Select(change => change.Kind));
        Assert.Null(scene.Frame()["cause"]);
    }

    [Fact]
    public void Health_is_shown_and_moves_nothing()
    {
        using var scene = new PageScene();
        scene.List("cache-0", "cache-1");
        var before = scene.State.Sequence;
        scene.Modify("cache-0", "cache-1!");

        Assert.Equal(["ready", "not ready"], scene.State.Rows.Values.Select(row => row.Health));
        Assert.Single(scene.State.History.Changes);
        Assert.Equal("cache-1", (string?)scene.Frame(before)["members"]!.AsArray().Single()!["member"]);
    }

    [Fact]
    public void Changes_are_kept_for_an_hour()
    {
        using var scene = new PageScene();
        scene.List("cache-0");
        scene.Clock.AdvanceBy(TimeSpan.FromMinutes(30));
        scene.Modify("cache-0", "cache-1");
        scene.Clock.AdvanceBy(TimeSpan.FromMinutes(40));
        scene.Modify("cache-0", "cache-1");

        Assert.Equal([2L], scene.State.History.Changes.Select(change => change.Id));
        Assert.Equal(1, scene.State.History.Floor);
    }

    [Fact]
    public void The_limits_are_those_of_the_documentation()
    {
        var page = Repository.Read("docs/reliability.md");
        var options = RingPageOptions.Default;
        (string Name, string Limit)[] limits =
        [
            ("RingPageOptions.MaxStreams", $"{options.MaxStreams:N0}"),
            ("RingPageOptions.FrameInterval", options.FrameInterval == TimeSpan.FromSeconds(0.25) ? "four a second" : "?"),
            ("RingPageOptions.MaxChanges", $"{options.MaxChanges:N0}"),
            ("RingPageOptions.MaxMembers", $"{options.MaxMembers:N0}"),
            ("RingPageOptions.MaxKeyLength", $"{options.MaxKeyLength:N0}"),
        ];
        Assert.All(limits, limit => Assert.Contains($"| {limit.Limit} | `{limit.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_time_between_frames_is_from_10_milliseconds_to_a_minute()
    {
        foreach (var time in (TimeSpan[])[TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)])
        {
            Assert.Equal(time, new RingPageOptions { FrameInterval = time }.FrameInterval);
        }

        foreach (var time in (TimeSpan[])[TimeSpan.Zero, new(99_999), TimeSpan.FromMinutes(1) + new TimeSpan(1)])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => new RingPageOptions { FrameInterval = time });
            Assert.Equal("FrameInterval", error.ParamName);
        }
    }

    [Theory]
    [InlineData(nameof(RingPageOptions.MaxStreams), 1 << 16)]
    [InlineData(nameof(RingPageOptions.MaxChanges), 1_000_000)]
    [InlineData(nameof(RingPageOptions.MaxMembers), 100_000_000)]
    [InlineData(nameof(RingPageOptions.MaxKeyLength), 1 << 20)]
    public void A_limit_of_a_page_has_a_range(string name, int most)
    {
        foreach (var value in (int[])[1, 2, most - 1, most])
        {
            _ = With(value);
        }

        foreach (var value in (int[])[-1, 0, most + 1])
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => With(value)).ParamName);
        }

        RingPageOptions With(int value) => name switch
        {
            nameof(RingPageOptions.MaxStreams) => new() { MaxStreams = value },
            nameof(RingPageOptions.MaxChanges) => new() { MaxChanges = value },
            nameof(RingPageOptions.MaxMembers) => new() { MaxMembers = value },
            _ => new() { MaxKeyLength = value },
        };
    }

    [Theory]
    [InlineData(-1, 1000)]
    [InlineData(0, 1000)]
    [InlineData(1, 1000)]
    [InlineData(-1, 3)]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    public void The_changes_of_a_page_are_limited(int beyond, int limit)
    {
        var options = limit == 1000 ? RingPageOptions.Default : new() { MaxChanges = limit };
        var history = new RingHistory { Limits = options };
        for (var id = 1; id <= limit + beyond; id++)
        {
            history = history.With([new(id, default, RingPageChangeKind.Ring)], default);
        }

        Assert.Equal(limit + Math.Min(beyond, 0), history.Changes.Length);
        Assert.Equal(Math.Max(beyond, 0), history.Floor);

        // Of a page, too: a change for each member that joins.
        using var scene = new PageScene(options: options);
        scene.List("cache-0");
        for (var members = 2; members <= 3 + beyond; members++)
        {
            scene.Modify([.. Enumerable.Range(0, members).Select(i => $"cache-{i}")]);
        }

        Assert.Equal(Math.Min(3 + beyond, limit), scene.State.History.Changes.Length);
    }

    [Theory]
    [InlineData(-1, 100_000)]
    [InlineData(0, 100_000)]
    [InlineData(1, 100_000)]
    [InlineData(-1, 8)]
    [InlineData(0, 8)]
    [InlineData(1, 8)]
    public void The_members_of_the_changes_of_a_page_are_limited(int beyond, int limit)
    {
        ImmutableArray<RingMember> half = [.. Enumerable.Range(0, limit / 2).Select(i => new RingMember($"pod-{i}"))];
        ImmutableArray<RingMember> rest = [.. Enumerable.Range(0, half.Length + beyond).Select(i => new RingMember($"pod-{i}"))];
        var history = new RingHistory { Limits = limit == 100_000 ? RingPageOptions.Default : new() { MaxMembers = limit } }
            .With([new(1, default, RingPageChangeKind.Ring) { Joined = half }], default)
            .With([new(2, default, RingPageChangeKind.Ring) { Left = rest }], default);

        Assert.Equal(beyond <= 0 ? [1L, 2L] : [2L], history.Changes.Select(change => change.Id));
    }

    [Fact]
    public void Changes_of_many_members_are_dropped_before_they_fill_the_memory()
    {
        ImmutableArray<RingMember> all = [.. Enumerable.Range(0, 5000).Select(i => new RingMember($"pod-{i}"))];
        var history = new RingHistory();
        for (var id = 1; id <= 30; id++)
        {
            history = history.With([new(id, default, RingPageChangeKind.Ring) { Joined = all, Left = all }], default);
        }

        Assert.Equal(RingPageOptions.Default.MaxMembers, history.Changes.Sum(change => change.Size));
        Assert.Equal((20, 21, 30), (history.Floor, history.Changes[0].Id, history.Changes[^1].Id));
    }

    [Fact]
    public void A_recording_keeps_all_its_changes_and_says_where_it_ends()
    {
        using var scene = new PageScene(horizon: TimeSpan.MaxValue);
        scene.List("cache-0");
        scene.Clock.AdvanceBy(TimeSpan.FromHours(20));
        scene.List("cache-0", "cache-1");
        scene.End();

        Assert.Equal(2, scene.State.History.Changes.Length);
        Assert.True((bool)scene.Frame()["over"]!);
    }

    private static IEnumerable<string[]> RandomMembers(int seed, int steps)
    {
        var random = new Random(seed);
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var step = 0; step < steps; step++)
        {
            // Join, leave, come back in another zone, everyone at once; sometimes no one has a zone, sometimes no one is there.
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var name = $"cache-{random.Next(12)}";
                if (!members.Remove(name))
                {
                    members[name] = $"zone-{random.Next(3)}";
                }
            }

            if (random.Next(15) == 0)
            {
                members.Clear();
            }

            var hasZones = step / 10 % 2 == 0;
            yield return [.. members.Select(member => hasZones ? $"{member.Key}/{member.Value}" : member.Key)];
        }
    }
}
