using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Joins.JoinTestData;

namespace Rx.Kube.Tests.Joins;

/// <summary>How snapshots, errors, completion and disposal behave, for both operators and both of their overloads.</summary>
public class JoinOperatorTests
{
    private static readonly Dictionary<char, WatchEvent<EndpointSlice>> Slices = new()
    {
        ['t'] = Listed(Slice(Endpoint(0, "u1", "n1"))),
        ['u'] = Modified(Slice(Endpoint(0, "u2", "n1"))),
        ['i'] = Interrupted<EndpointSlice>(1),
        ['r'] = Resumed<EndpointSlice>(),
    };

    private static readonly Dictionary<char, WatchEvent<Pod>> PodEvents = new()
    {
        ['p'] = Listed(Pod(0, "u1")),
        ['q'] = Modified(Pod(0, "u2")),
        ['o'] = Modified(Pod(9)),
        ['i'] = Interrupted<Pod>(2),
        ['r'] = Resumed<Pod>(),
        ['l'] = Listed(Pod(0, "u2")),
    };

    private static readonly Dictionary<string, Form> Forms = new()
    {
        ["pods"] = (t, p) => t.WithPods(p.Select(_ => Store(Listed(Pod(0))))),
        ["nodes"] = (t, n) => t.WithNodes(n.Select(_ => Store(Listed(Node("n1"))))),
        ["pods, then nodes"] = (t, n) => t.WithPods(Observable.Never<ResourceStore<Pod>>().StartWith(Store(Listed(Pod(0)))))
            .WithNodes(n.Select(_ => Store(Listed(Node("n1"))))),
        ["nodes, then pods"] = (t, p) => t.WithNodes(Observable.Never<ResourceStore<Node>>().StartWith(Store(Listed(Node("n1")))))
            .WithPods(p.Select(_ => Store(Listed(Pod(0))))),
    };

    private readonly VirtualClock _clock = new();

    private delegate IObservable<JoinedTopology> Form(IObservable<ServiceTopology> topology, IObservable<object> side);

    public static TheoryData<string> AllForms => [.. Forms.Keys];

    [Fact]
    public void Null_arguments_are_refused()
    {
        var (topology, joined) = (Observable.Never<ServiceTopology>(), Observable.Never<JoinedTopology>());
        var (pods, nodes) = (Observable.Never<ResourceStore<Pod>>(), Observable.Never<ResourceStore<Node>>());
        Assert.Throws<ArgumentNullException>(() => KubeObservable.WithPods((IObservable<ServiceTopology>)null!, pods));
        Assert.Throws<ArgumentNullException>(() => KubeObservable.WithPods((IObservable<JoinedTopology>)null!, pods));
        Assert.Throws<ArgumentNullException>(() => KubeObservable.WithNodes((IObservable<ServiceTopology>)null!, nodes));
        Assert.Throws<ArgumentNullException>(() => KubeObservable.WithNodes((IObservable<JoinedTopology>)null!, nodes));
        Assert.Throws<ArgumentNullException>(() => topology.WithPods(null!));
        Assert.Throws<ArgumentNullException>(() => joined.WithPods(null!));
        Assert.Throws<ArgumentNullException>(() => topology.WithNodes(null!));
        Assert.Throws<ArgumentNullException>(() => joined.WithNodes(null!));
    }

    [Fact]
    public void A_rolling_restart_is_never_complete_while_the_sides_differ()
    {
        Expect("t-----u-------|", "---p-----q--o--|", "---a--b--c--c--|", new()
        {
            ['a'] = "live: cache-0#u1@n1(u1r1,)",
            ['b'] = "live!: cache-0#u2@n1(,) -Pod cache-0 UidMismatch",
            ['c'] = "live: cache-0#u2@n1(u2r1,)",
        });
    }

    [Fact]
    public void The_join_is_as_fresh_as_its_worst_side()
    {
        Expect("-t-i-----r", "i-p---i-l", "-slk--k-mn", new()
        {
            ['s'] = "syncing!: cache-0#u1@n1(,)",
            ['l'] = "live: cache-0#u1@n1(u1r1,)",
            ['k'] = "stale: cache-0#u1@n1(u1r1,)",
            ['m'] = "stale!: cache-0#u1@n1(,) -Pod cache-0 UidMismatch",
            ['n'] = "live!: cache-0#u1@n1(,) -Pod cache-0 UidMismatch",
        });
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void The_first_join_waits_for_both_sides_and_then_each_snapshot_of_a_side_gives_one(string form)
    {
        var (topology, side) = (_clock.Cold("t-----t"), _clock.Cold("---s-s--"));
        _clock.Expect(Joined(form, topology, side), "^ 20ms !").ToBe("---j-jj");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void A_silent_side_gives_no_snapshot(string form)
    {
        var (topology, side) = (_clock.Cold("---"), _clock.Cold("--s-"));
        _clock.Expect(Joined(form, topology, side), "^-----!").ToBe("------");
        topology.ToHaveSubscriptions("^-----!");
        side.ToHaveSubscriptions("^-----!");
    }

    [Theory]
    [InlineData("pods", "|", "--s|", "--|")] // one side completes without a snapshot: it completes with the next event of the other
    [InlineData("nodes", "|", "--s|", "--|")]
    [InlineData("pods", "t--|", "|", "---|")]
    [InlineData("nodes", "--t--|", "|", "--|")]
    [InlineData("pods", "t--|", "-s---s-|", "-j---j-|")]
    [InlineData("nodes", "t----t-|", "-s|", "-j---j-|")]
    [InlineData("pods", "|", "|", "|")]
    public void It_completes_when_no_snapshot_can_follow(string form, string topology, string side, string expected) =>
        _clock.Expect(Joined(form, _clock.Cold(topology), _clock.Cold(side)), "^ 20ms !").ToBe(expected);

    [Theory]
    [MemberData(nameof(AllForms))]
    public void An_error_of_the_topology_unsubscribes_from_the_other_side(string form)
    {
        var (topology, side) = (_clock.Cold("t--#"), _clock.Cold("-s---s"));
        _clock.Expect(Joined(form, topology, side)).ToBe("-j-#");
        side.ToHaveSubscriptions("^--!");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void An_error_of_the_other_side_unsubscribes_from_the_topology(string form)
    {
        var (topology, side) = (_clock.Cold("t-----t"), _clock.Cold("-s-#"));
        _clock.Expect(Joined(form, topology, side)).ToBe("-j-#");
        topology.ToHaveSubscriptions("^--!");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void Disposal_unsubscribes_from_both_sides(string form)
    {
        var (topology, side) = (_clock.Cold("t-----t"), _clock.Cold("-s---s-s"));
        _clock.Expect(Joined(form, topology, side), "^---!").ToBe("-j--");
        topology.ToHaveSubscriptions("^---!");
        side.ToHaveSubscriptions("^---!");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void Disposal_inside_OnNext_unsubscribes_from_both_sides(string form)
    {
        var (topology, side) = (_clock.Cold("t-----t"), _clock.Cold("-s---s-s"));
        _clock.Expect(Joined(form, topology, side).Take(1)).ToBe("-(j|)");
        topology.ToHaveSubscriptions("^!");
        side.ToHaveSubscriptions("^!");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void A_second_subscription_starts_from_nothing(string form)
    {
        var (topology, side) = (_clock.Cold("t"), _clock.Cold("-s"));
        var joined = Joined(form, topology, side);
        var (first, second) = (_clock.Expect(joined, "^ 4ms !"), _clock.Expect(joined, "---^ 4ms !"));
        first.ToBe("-j");
        second.ToBe("----j");
        side.ToHaveSubscriptions("^ 4ms !", "---^ 4ms !");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void Several_snapshots_in_one_frame_give_as_many_joins(string form)
    {
        var (topology, side) = (_clock.Cold("(tt)---t"), _clock.Cold("(sss)--s"));
        _clock.Expect(Joined(form, topology, side), "^ 20ms !").ToBe("(jjj)--(jj)");
    }

    [Fact]
    public void An_exception_of_the_subscriber_is_not_an_error_of_the_stream()
    {
        using var topology = new Subject<ServiceTopology>();
        Exception? error = null;
        using var subscription = topology.WithPods(Observable.Return(Store(Listed(Pod(0)))).Concat(Observable.Never<ResourceStore<Pod>>()))
            .Subscribe(_ => throw new InvalidTimeZoneException(), e => error = e);
        Assert.Throws<InvalidTimeZoneException>(() => topology.OnNext(TopologyOf(Listed(Slice()))));
        Assert.Null(error);
    }

    private static IObservable<char> Joined(string form, IObservable<char> topology, IObservable<char> side) =>
        Forms[form](topology.Select(_ => TopologyOf(Listed(Slice(Endpoint(0))))), side.Select(s => (object)s)).Select(_ => 'j');

    // One character stands for an event, or for the text of the expected join.
    private void Expect(string slices, string pods, string expected, Dictionary<char, string> joins)
    {
        var joined = _clock.Hot(slices, Slices).ToTopology().WithPods(_clock.Hot(pods, PodEvents).ToStore());
        _clock.Expect(joined.Select(Show), "^ 1s !").ToBe(expected, joins);
    }
}
