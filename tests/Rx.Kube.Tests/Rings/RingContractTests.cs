using System.Reactive.Linq;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Rings;

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.ToHashRing))]
public sealed class ToHashRingContractTests : SnapshotRingContract<HashRing<RingMember>>
{
    protected override IObservable<HashRing<RingMember>> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.ToHashRing();

    protected override IEnumerable<
        (string Source, string Result, Func<IObservable<ServiceTopology>, TestClock, IObservable<HashRing<RingMember>>> Apply)>
        Throwing(Exception mine) =>
            [("s-1-2-1|", "--1-#", (source, _) => source.ToHashRing(OfWeight(e => e.Member == "b" ? throw mine : 1)))];
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.ToRingView))]
public sealed class ToRingViewContractTests : SnapshotRingContract<RingView>
{
    protected override IObservable<RingView> Apply(IObservable<ServiceTopology> source, TestClock clock) => source.ToRingView();

    protected override IEnumerable<
        (string Source, string Result, Func<IObservable<ServiceTopology>, TestClock, IObservable<RingView>> Apply)>
        Throwing(Exception mine) => [("s-2-1|", "--#", (source, _) => source.ToRingView(OfWeight(e => e.Member == "b" ? throw mine : 1)))];
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WithReplicas))]
public sealed class WithReplicasContractTests : RingContract<IRangedRing<RingMember>, ReplicatedRing<RingMember>>
{
    protected override Dictionary<char, string> Words { get; } = new() { ['0'] = "3 of empty", ['1'] = "3 of a", ['2'] = "3 of a b" };

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("0-1-1-2|", "0-1-1-2|"), ("[01]--2|", "[01]--2|")];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        .. base.BadCalls,
        () => Observable.Never<IRangedRing<string>>().WithReplicas(0),
        () => Observable.Never<IRangedRing<string>>().WithReplicas(-1),
        () => ((IObservable<RingView>)null!).WithReplicas(1),
        () => Observable.Never<RingView>().WithReplicas(0),
    ];

    protected override IObservable<ReplicatedRing<RingMember>> Apply(IObservable<IRangedRing<RingMember>> source, TestClock clock) =>
        source.WithReplicas(3);

    protected override IRangedRing<RingMember> Value(char key) => LetterRing.Of(key - '0');
}

/// <summary>The share of the hashes that member a owns: 47 % of two members.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.Ownership))]
public sealed class OwnershipContractTests : RingContract<IRangedRing<RingMember>, OwnershipChange<RingMember>>
{
    protected override Dictionary<char, string> Words { get; } = new()
    {
        ['n'] = "nothing",
        ['a'] = "+100%",
        ['l'] = "-53%",
        ['g'] = "+53%",
        ['h'] = "+47%",
        ['x'] = "-47%",
        ['z'] = "-100%",
    };

    protected override IReadOnlyList<(string Source, string Result)> Examples =>
        [("0-1-1-2-1|", "n-a-n-l-g|"), ("[012]--1|", "[nal]--g|"), ("1-0-0-2-0|", "a-z-n-h-x|")];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        .. base.BadCalls,
        () => ((IObservable<ReplicatedRing<string>>)null!).Ownership("a"),
        () => Observable.Never<IRangedRing<string>>().Ownership(null!),
        () => Observable.Never<ReplicatedRing<string>>().Ownership(null!),
        () => ((IObservable<RingView>)null!).Ownership("a"),
        () => Observable.Never<RingView>().Ownership(null!),
    ];

    protected override IObservable<OwnershipChange<RingMember>> Apply(IObservable<IRangedRing<RingMember>> source, TestClock clock) =>
        source.Ownership("a");

    protected override IEnumerable<
        (string, string, Func<IObservable<IRangedRing<RingMember>>, TestClock, IObservable<OwnershipChange<RingMember>>>)>
        Throwing(Exception mine) => [("1-2-1|", "#", (source, _) => source
            .Select(ring => HashRing.Create(ring.Members, m => m.Name.Length > 1 ? throw mine : m.Name)).Ownership("too long"))];

    protected override IRangedRing<RingMember> Value(char key) => LetterRing.Of(key - '0');
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.Ownership))]
public sealed class OwnershipOfViewsContractTests : RingContract<RingView, OwnershipChange<RingMember>>
{
    protected override Dictionary<char, string> Words { get; } =
        new() { ['n'] = "nothing", ['a'] = "+100%", ['l'] = "-53%", ['g'] = "+53%" };

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("0-1-1-2-1|", "n-a-n-l-g|"), ("[012]--1|", "[nal]--g|")];

    protected override IObservable<OwnershipChange<RingMember>> Apply(IObservable<RingView> source, TestClock clock) =>
        source.Ownership("a");

    protected override RingView Value(char key) => new(LetterRing.Of(key - '0'), "1");
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WithReplicas))]
public sealed class WithReplicasOfViewsContractTests : RingContract<RingView, RingView>
{
    protected override Dictionary<char, string> Words { get; } = new() { ['0'] = "3 of empty", ['1'] = "3 of a", ['2'] = "3 of a b" };

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("0-1-1-2|", "0-1-1-2|"), ("[01]--2|", "[01]--2|")];

    protected override IObservable<RingView> Apply(IObservable<RingView> source, TestClock clock) => source.WithReplicas(3);

    protected override RingView Value(char key) => new(LetterRing.Of(key - '0'), "1");
}

internal static class LetterRing
{
    /// <summary>A ring whose members are the first letters.</summary>
    public static HashRing<RingMember> Of(int count) =>
        HashRing.Create("abcdefgh".Take(count).Select(c => new RingMember($"{c}")), member => member.Name, member => member.Weight);
}
