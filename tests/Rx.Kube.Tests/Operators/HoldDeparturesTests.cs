using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Operators;

/// <summary>With a grace of 5 ms. The members are a and b; a capital letter stands for a member that is held.</summary>
public class HoldDeparturesTests
{
    private static readonly Dictionary<char, string> _words = new()
    {
        ['2'] = "a b",
        ['a'] = "a",
        ['b'] = "b",
        ['0'] = "empty",
        ['B'] = "a b(held)",
        ['A'] = "a(held) b",
        ['H'] = "a(held) b(held)",
        ['h'] = "a(held)",
        ['k'] = "b(held)",
        ['n'] = "a b(@10.0.0.9, not ready)",
        ['t'] = "a b(terminating)",
        ['x'] = "stale a b",
        ['X'] = "stale a b(held)",
        ['y'] = "stale a",
        ['s'] = "syncing",
        ['S'] = "syncing a(held) b(held)",
    };

    private readonly VirtualClock _clock = new();

    [Theory]
    [InlineData(2, -1)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(50, -1)]
    [InlineData(50, 0)]
    [InlineData(50, 1)]
    public void The_members_that_are_held_are_limited_and_the_first_one_that_left_goes_first(int limit, int beyond)
    {
        var pods = Enumerable.Range(0, limit + beyond).Select(i => Pod($"p{i:00}", $"10.0.0.{i}")).ToArray();
        var snapshots = new List<ServiceTopology>();
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var subscription = source.ToTopology()
            .HoldDepartures(TimeSpan.FromHours(1), new TopologyLimits { MaxHeldMembers = limit }, _clock).Subscribe(snapshots.Add);

        source.OnNext(Listed("1", Slice("s", pods)));
        for (var i = 1; i <= pods.Length; i++)
        {
            _clock.AdvanceBy(Ms(1));
            source.OnNext(Modified($"{i + 1}", Slice("s", pods[i..])));
        }

        Assert.Equal(pods.Length + 1, snapshots.Count);
        Assert.Equal(
            pods.Skip(Math.Max(0, beyond)).Select(p => p.TargetRef!.Name),
            snapshots[^1].Endpoints.Where(e => e.IsHeld).Select(e => e.Member));
    }

    [Fact]
    public void By_default_200000_members_are_held()
    {
        Endpoint[] pods = [.. Enumerable.Range(0, 200_002).Select(i => Pod($"p{i:000000}", $"10.{i >> 16}.{i >> 8 & 255}.{i & 255}"))];
        ServiceTopology? last = null;
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        using var subscription = source.ToTopology().HoldDepartures(TimeSpan.FromHours(1), _clock).Subscribe(t => last = t);
        source.OnNext(Listed("1", Slice("s", pods)));

        foreach (var (left, first) in new[] { (199_999, "p000000"), (200_000, "p000000"), (200_001, "p000001") })
        {
            source.OnNext(Modified("2", Slice("s", pods[left..])));

            Assert.Equal(first, last!.Endpoints[0].Member);
            Assert.Equal(Math.Min(left, 200_000), last.Endpoints.Count(e => e.IsHeld));
        }
    }

    [Theory]
    [InlineData("no member leaves", "s-2-x-2-t|", "s-2-x-2-t|")]
    [InlineData("a member back in time never left", "2-a--2 1s |", "2-B--2 1s |")]
    [InlineData("with another address, not ready yet", "2-t-a-n-2|", "2-t-B-n-2|")]
    [InlineData("a member that stays away is removed, although the source is silent", "2-a 1s |", "2-B----a 995ms |")]
    [InlineData("a member back at the last moment never left", "2-a----2|", "2-B----2|")]
    [InlineData("a member back a moment late was removed", "2-a-----2|", "2-B----a2|")]
    [InlineData("back and away again: the grace starts over", "2-a--2a 1s |", "2-B--2B----a 995ms |")]
    [InlineData("back and away again in one frame", "2-a--[2a] 1s |", "2-B--[2B]----a 995ms |")]
    [InlineData("away, and other snapshots come", "2-a-a-a-a-a|", "2-B-B-Baa-a|")]
    [InlineData("several are removed, each at its time", "2-a-0 1s |", "2-B-H--h-0 995ms |")]
    [InlineData("several are removed at once, in one snapshot", "2-0 1s |", "2-H----0 995ms |")]
    [InlineData("the first comes back, the second is removed at its time", "2-a-0-b 1s |", "2-B-H-A--b 997ms |")]
    [InlineData("one comes back when another is removed", "2-a-0-2|", "2-B-H-2|")]
    [InlineData("stale: a member that is away is removed at its time", "2-a-y 1s |", "2-B-X--y 997ms |")]
    [InlineData("stale, then listed without one", "2-x-a 1s |", "2-x-B----a 995ms |")]
    [InlineData("stale, then listed with one that was away", "2-a-y-2 1s |", "2-B-X-2 1s |")]
    [InlineData("a source that starts over", "2-s-2 1s |", "2-S-2 1s |")]
    [InlineData("empty", "|", "|")]
    [InlineData("the end comes at once", "2-a|", "2-B|")]
    [InlineData("an error comes at once", "2-a#", "2-B#")]
    public void The_members_are_those_of_the_last_few_milliseconds(string what, string source, string expected)
    {
        Assert.NotEmpty(what);
        Expect(_clock.Cold(source, Value).HoldDepartures(Ms(5), _clock), expected);
    }

    [Theory]
    [InlineData("2-a-2-0|")]
    [InlineData("[2a]-[a20]|")]
    public void A_zero_grace_changes_nothing(string source)
    {
        Expect(_clock.Cold(source, Value).HoldDepartures(TimeSpan.Zero, _clock), source);
    }

    [Fact]
    public void An_address_reused_while_its_member_is_away_is_ready_only_for_the_new_member()
    {
        var seen = Played(Listed("1", Slice("s", Pod("p", "10.0.0.1"))), Modified("2", Slice("s", Pod("q", "10.0.0.1"))));
        Assert.Equal(["p", "q"], seen[1].Members);
        Assert.All(seen[1].Endpoints, e => Assert.Equal("10.0.0.1", e.Address));
        Assert.Equal("q", Assert.Single(seen[1].Ready).Member);

        _clock.AdvanceBy(Ms(5));
        Assert.Equal("q", Assert.Single(seen[^1].Endpoints).Member);
    }

    [Fact]
    public void A_member_with_two_addresses_is_away_when_it_has_none_and_back_when_it_has_one()
    {
        var four = Slice("s4", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"));
        var six = Slice("s6", Pod("p", "fd00::1")) with { AddressType = "IPv6" };
        var noFour = Slice("s4", Pod("q", "10.0.0.2"));
        Assert.Equal(
            [
                "10.0.0.1 fd00::1 10.0.0.2", "fd00::1 10.0.0.2", "fd00::1(held) 10.0.0.2", "10.0.0.1 10.0.0.2",
            ],
            Played(Listed("1", four, six), Modified("2", noFour), Deleted("3", six), Modified("4", four))
                .Select(t => string.Join(' ', t.Endpoints.Select(e => e.Address + (e.IsHeld ? "(held)" : "")))));
    }

    [Fact]
    public void A_member_away_during_a_relist_stays_in_members_and_is_never_removed_in_changes()
    {
        var both = Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"));
        var one = Slice("a", Pod("p", "10.0.0.1"));
        var seen = Played(Listed("1", both), Modified("2", one), Interrupted(), Listed("9", one), Modified("10", both));

        Assert.All(seen, t => Assert.Equal(seen[0].Members, t.Members));
        Assert.Equal(["+p +q", "~q", "~q"], seen.ToObservable().Changes().Select(TopologyText.Text).ToEnumerable());
    }

    [Fact]
    public void A_present_member_is_as_the_source_has_it_including_its_new_slice()
    {
        var slice = Slice("a", Pod("p", "10.0.0.1"));
        var seen = Played(Listed("1", slice), Listed("2", slice with { Metadata = Meta("b", "cache") }));
        Assert.Equal(["a", "b"], seen.Select(t => Assert.Single(t.Endpoints).Slice));
    }

    [Fact]
    public void A_held_endpoint_gets_no_traffic()
    {
        var seen = Played(Listed("1", Slice("a", Pod("p", "10.0.0.1") with { Zone = "z", NodeName = "n" })), Listed("2"));
        var held = Assert.Single(seen[1].Endpoints);
        Assert.Equal(("p", "10.0.0.1", "z"), (held.Member, held.Address, held.Zone));
        Assert.True(held is { IsHeld: true, Ready: false, Serving: false, Terminating: true });
        Assert.Empty(seen[1].Ready);
        Assert.Empty(seen[1].Routable);
        Assert.Empty(seen[1].LocalTo("n"));
        Assert.Empty(seen[1].For("n", "z"));
        Assert.NotEqual(seen[0], seen[1]);
        Assert.Equal("prod/cache: p 10.0.0.1 (held); live at 2", seen[1].ToString());
    }

    [Fact]
    public void An_expiry_gives_the_latest_snapshot_without_the_member_and_without_a_trigger_time()
    {
        var triggered = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var gone = Slice("a", Pod("p", "10.0.0.1")) with { Metadata = Meta("a", "cache") with { LastChangeTriggerTime = triggered } };
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        var seen = new List<ServiceTopology>();
        using var subscription = source.ToTopology().HoldDepartures(Ms(5), _clock).Subscribe(seen.Add);
        source.OnNext(Listed("1", Slice("a", Pod("p", "10.0.0.1"), Pod("q", "10.0.0.2"))));
        source.OnNext(Modified("7", gone));
        _clock.AdvanceBy(Ms(9));

        Assert.Equal(["1", "7", "7"], seen.Select(t => t.Version));
        Assert.Equal([null, triggered, null], seen.Select(t => t.LastChangeTriggerTime));
        Assert.Equal("p", Assert.Single(seen[^1].Members));
    }

    [Fact]
    public void The_clock_may_start_anywhere_and_the_calendar_is_not_used()
    {
        var clock = new VirtualClock(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero));
        clock.AdvanceTo(TimeSpan.FromDays(1000));
        var seen = new List<(long, string)>();
        clock.Cold("2-a 1s |", Value).HoldDepartures(Ms(5), clock)
            .Subscribe(t => seen.Add((clock.Frame() - 86_400_000_000, TopologyText.Text(t))));
        clock.Start();
        Assert.Equal([(0, "a b"), (2, "a b(held)"), (7, "a")], seen);
    }

    [Fact]
    public void The_longest_grace_is_kept() =>
        Expect(_clock.Cold("2-a 86410s |", Value).HoldDepartures(TimeSpan.FromDays(1), _clock), "2-B 86399s 999ms a 9s 1000ms |");

    [Theory]
    [InlineData(false, "a b|")]
    [InlineData(true, "#")]
    public void The_source_does_not_wait_for_a_busy_subscriber_which_then_gets_the_latest_snapshot_or_the_error(bool fails, string expected)
    {
        using var source = new Subject<ServiceTopology>();
        var seen = new List<string>();
        using var subscription = source.HoldDepartures(Ms(5), _clock).Subscribe(t =>
        {
            seen.Add(TopologyText.Text(t));
            if (seen[^1] == "a")
            {
                // This is the timer's thread. If it held a lock, the source would wait for it, and it for the source.
                Assert.True(Task.Run(() =>
                {
                    source.OnNext(Value('a'));
                    source.OnNext(Value('2'));
                    (fails ? () => source.OnError(new TimeoutException()) : (Action)source.OnCompleted)();
                }).Wait(TimeSpan.FromSeconds(30)));
            }
        }, _ => seen.Add("#"), () => seen.Add("|"));
        source.OnNext(Value('2'));
        source.OnNext(Value('a'));
        _clock.AdvanceBy(Ms(50));
        Assert.Equal(["a b", "a b(held)", "a"], seen.Take(3));
        Assert.Equal(expected, string.Concat(seen.Skip(3)));
    }

    [Theory]
    [InlineData(false, "a b(held)/a(held) b(held)/|")]
    [InlineData(true, "a b(held)/#")]
    public void When_the_source_ends_during_OnNext_only_an_error_drops_the_waiting_snapshot(bool fails, string expected)
    {
        using var source = new Subject<ServiceTopology>();
        var seen = new List<string>();
        using var subscription = source.HoldDepartures(Ms(5), _clock).Subscribe(
            t =>
            {
                seen.Add(TopologyText.Text(t));
                if (seen.Count == 2)
                {
                    source.OnNext(Value('0'));
                    (fails ? () => source.OnError(new TimeoutException()) : (Action)source.OnCompleted)();
                    _clock.AdvanceBy(Ms(50));
                }
            },
            _ => seen.Add("#"),
            () => seen.Add("|"));
        source.OnNext(Value('2'));
        source.OnNext(Value('a'));
        Assert.Equal("a b/" + expected, string.Join('/', seen));
    }

    [Fact]
    public void On_real_threads_the_source_and_the_timer_alternate_and_the_last_snapshot_is_correct()
    {
        for (var round = 0; round < 50; round++)
        {
            var grammar = new GrammarLog();
            using var source = new Subject<ServiceTopology>();
            using var isOver = new ManualResetEventSlim();
            ServiceTopology? last = null;
            using var subscription = source.HoldDepartures(TimeSpan.FromTicks(200)).ValidateGrammar(grammar)
                .Subscribe(t => last = t, isOver.Set);
            for (var i = 0; i < 200; i++)
            {
                source.OnNext(Value("2a0b"[i % 4]));
            }

            source.OnNext(Value('2'));
            source.OnCompleted();

            Assert.True(isOver.Wait(TimeSpan.FromSeconds(30)));
            grammar.ToHaveNoViolations();
            Assert.Equal("a b", TopologyText.Text(last!));
        }
    }

    [Fact]
    public void The_cost_of_a_change_does_not_depend_on_the_number_of_members()
    {
        var slices = Enumerable.Range(0, 200).Select(s =>
            Slice($"s{s}", [.. Enumerable.Range(0, 100).Select(e => Pod($"p{s:d3}-{e:d2}", $"10.{s}.0.{e}"))])).ToArray();
        var without = slices[100] with { Endpoints = slices[100].Endpoints.RemoveAt(50) };
        var snapshots = Fold(Listed("1", slices), Modified("2", without), Modified("3", slices[100]));
        using var source = new Subject<ServiceTopology>();
        ServiceTopology? last = null;
        using var subscription = source.HoldDepartures(TimeSpan.FromHours(1)).Subscribe(t => last = t);
        source.OnNext(snapshots[0]);
        source.OnNext(snapshots[1]);
        source.OnNext(snapshots[2]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        source.OnNext(snapshots[1]);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 1, 8_000);
        Assert.Equal("p100-50", Assert.Single(last!.Endpoints, e => e.IsHeld).Member);
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static ServiceTopology Value(char key) => TopologyText.Snapshot(_words[key]);

    private void Expect(IObservable<ServiceTopology> topologies, string expected) =>
        _clock.Expect(topologies.Select(TopologyText.Text)).ToBe(expected, key => _words[key]);

    private List<ServiceTopology> Played(params WatchEvent<EndpointSlice>[] events)
    {
        // The source never completes, so that members are removed as the clock runs on.
        var seen = new List<ServiceTopology>();
        events.ToObservable().Concat(Observable.Never<WatchEvent<EndpointSlice>>()).ToTopology()
            .HoldDepartures(Ms(5), _clock).Subscribe(seen.Add);
        return seen;
    }
}
