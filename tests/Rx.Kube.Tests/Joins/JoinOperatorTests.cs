using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Joins.Sides;

namespace Rx.Kube.Tests.Joins;

/// <summary>What every operator owes; for both operators and both of their forms.</summary>
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

    private static readonly Dictionary<string, Func<IObservable<ServiceTopology>, IObservable<object>, IObservable<JoinedTopology>>> Forms = new()
    {
        ["pods"] = (t, p) => t.WithPods(p.Select(_ => Store(Listed(Pod(0))))),
        ["nodes"] = (t, n) => t.WithNodes(n.Select(_ => Store(Listed(Node("n1"))))),
        ["pods, then nodes"] = (t, n) => t.WithPods(Observable.Return(Store(Listed(Pod(0)))).Concat(Observable.Never<ResourceStore<Pod>>()))
            .WithNodes(n.Select(_ => Store(Listed(Node("n1"))))),
        ["nodes, then pods"] = (t, p) => t.WithNodes(Observable.Return(Store(Listed(Node("n1")))).Concat(Observable.Never<ResourceStore<Node>>()))
            .WithPods(p.Select(_ => Store(Listed(Pod(0))))),
    };

    private readonly VirtualClock _clock = new();

    public static TheoryData<string> AllForms => [.. Forms.Keys];

    [Fact]
    public void ArgumentChecking()
    {
        var (topology, pods, nodes) = (Observable.Never<ServiceTopology>(), Observable.Never<ResourceStore<Pod>>(), Observable.Never<ResourceStore<Node>>());
        var joined = Observable.Never<JoinedTopology>();
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
    public void ARollingRestart_IsNeverShownAsCompleteWhileTheSidesDiffer()
    {
        Expect("t-----u-------|", "---p-----q--o--|", "---a--b--c--c--|", new()
        {
            ['a'] = "live: cache-0#u1@n1(u1r1,)",
            ['b'] = "live!: cache-0#u2@n1(,) -Pod cache-0 AnotherIncarnation",
            ['c'] = "live: cache-0#u2@n1(u2r1,)",
        });
    }

    [Fact]
    public void TheWholeIsAsFreshAsItsWorstSide()
    {
        Expect("-t-i-----r", "i-p---i-l", "-slk--k-mn", new()
        {
            ['s'] = "syncing!: cache-0#u1@n1(,)",
            ['l'] = "live: cache-0#u1@n1(u1r1,)",
            ['k'] = "stale: cache-0#u1@n1(u1r1,)",
            ['m'] = "stale!: cache-0#u1@n1(,) -Pod cache-0 AnotherIncarnation",
            ['n'] = "live!: cache-0#u1@n1(,) -Pod cache-0 AnotherIncarnation",
        });
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void NothingBeforeBothSidesHaveSpoken_AndThenOnePerSnapshot(string form)
    {
        var (topology, side) = (_clock.Cold("t-----t"), _clock.Cold("---s-s--"));
        _clock.Expect(Joined(form, topology, side), "^ 20ms !").ToBe("---j-jj");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void Never(string form)
    {
        var (topology, side) = (_clock.Cold("---"), _clock.Cold("--s-"));
        _clock.Expect(Joined(form, topology, side), "^-----!").ToBe("------");
        topology.ToHaveSubscriptions("^-----!");
        side.ToHaveSubscriptions("^-----!");
    }

    [Theory]
    [InlineData("pods", "|", "--s|", "--|")] // one side without a word: over as soon as that is certain
    [InlineData("nodes", "|", "--s|", "--|")]
    [InlineData("pods", "t--|", "|", "---|")]
    [InlineData("nodes", "--t--|", "|", "--|")]
    [InlineData("pods", "t--|", "-s---s-|", "-j---j-|")]
    [InlineData("nodes", "t----t-|", "-s|", "-j---j-|")]
    [InlineData("pods", "|", "|", "|")]
    public void Completion_IsWhenNothingMoreCanCome(string form, string topology, string side, string expected) =>
        _clock.Expect(Joined(form, _clock.Cold(topology), _clock.Cold(side)), "^ 20ms !").ToBe(expected);

    [Theory]
    [MemberData(nameof(AllForms))]
    public void AnErrorOfTheTopology_EndsTheOtherSide(string form)
    {
        var (topology, side) = (_clock.Cold("t--#"), _clock.Cold("-s---s"));
        _clock.Expect(Joined(form, topology, side)).ToBe("-j-#");
        side.ToHaveSubscriptions("^--!");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void AnErrorOfTheOtherSide_EndsTheTopology(string form)
    {
        var (topology, side) = (_clock.Cold("t-----t"), _clock.Cold("-s-#"));
        _clock.Expect(Joined(form, topology, side)).ToBe("-j-#");
        topology.ToHaveSubscriptions("^--!");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void DisposalInTheMiddle_EndsBothSides(string form)
    {
        var (topology, side) = (_clock.Cold("t-----t"), _clock.Cold("-s---s-s"));
        _clock.Expect(Joined(form, topology, side), "^---!").ToBe("-j--");
        topology.ToHaveSubscriptions("^---!");
        side.ToHaveSubscriptions("^---!");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void DisposalInsideOnNext_EndsBothSides(string form)
    {
        var (topology, side) = (_clock.Cold("t-----t"), _clock.Cold("-s---s-s"));
        _clock.Expect(Joined(form, topology, side).Take(1)).ToBe("-(j|)");
        topology.ToHaveSubscriptions("^!");
        side.ToHaveSubscriptions("^!");
    }

    [Theory]
    [MemberData(nameof(AllForms))]
    public void ASecondSubscription_StartsFromNothing(string form)
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
    public void SeveralInOneFrame_AreAsManySnapshots(string form)
    {
        var (topology, side) = (_clock.Cold("(tt)---t"), _clock.Cold("(sss)--s"));
        _clock.Expect(Joined(form, topology, side), "^ 20ms !").ToBe("(jjj)--(jj)");
    }

    [Fact]
    public void AnExceptionOfTheSubscriber_IsNotMadeAnErrorOfTheStream()
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

    // One character per event; what is expected is a join in words per character.
    private void Expect(string slices, string pods, string expected, Dictionary<char, string> joins)
    {
        _clock.Expect(_clock.Hot(slices, Slices).ToTopology().WithPods(_clock.Hot(pods, PodEvents).ToStore()).Select(Show), "^ 1s !").ToBe(expected, joins);
    }
}
