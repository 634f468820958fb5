using System.Reactive.Linq;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Operators;

/// <summary>The laws of a filter that keeps ready endpoints, or member a.</summary>
public abstract class FilterContract : SnapshotContract<ServiceTopology>
{
    /// <summary>The examples, with the result for two ready members.</summary>
    protected static IReadOnlyList<(string Source, string Result)> With(char two) =>
        [("s-2-n-1|", $"s-{two}-1-1|"), ("[2n2]--0|", $"[{two}1{two}]--0|")];

    protected static IEnumerable<(string, string, Func<IObservable<ServiceTopology>, TestClock, IObservable<ServiceTopology>>)> Throws(
        Func<IObservable<ServiceTopology>, IObservable<ServiceTopology>> filter) => [("s-0-2-1|", "s-0-#", (source, _) => filter(source))];
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WhereEndpoints))]
public sealed class WhereEndpointsContractTests : FilterContract
{
    protected override IReadOnlyList<(string Source, string Result)> Examples => With('1');

    protected override IEnumerable<Func<object>> BadCalls =>
        [.. base.BadCalls, () => Observable.Never<ServiceTopology>().WhereEndpoints(null!)];

    protected override IEnumerable<(
        string Source, string Result, Func<IObservable<ServiceTopology>, TestClock, IObservable<ServiceTopology>> Apply)> Throwing(
        Exception mine) => Throws(source => source.WhereEndpoints(e => e.Member == "b" ? throw mine : true));

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.WhereEndpoints(e => e.Member == "a");
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WhereMembers))]
public sealed class WhereMembersContractTests : FilterContract
{
    protected override IReadOnlyList<(string Source, string Result)> Examples => With('1');

    protected override IEnumerable<Func<object>> BadCalls =>
        [.. base.BadCalls, () => Observable.Never<ServiceTopology>().WhereMembers(null!)];

    protected override IEnumerable<(
        string Source, string Result, Func<IObservable<ServiceTopology>, TestClock, IObservable<ServiceTopology>> Apply)> Throwing(
        Exception mine) => Throws(source => source.WhereMembers(m => m == "b" ? throw mine : true));

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.WhereMembers(m => m == "a");
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WhereReady))]
public sealed class WhereReadyContractTests : FilterContract
{
    protected override IReadOnlyList<(string Source, string Result)> Examples => With('2');

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) => source.WhereReady();
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WhereNotTerminating))]
public sealed class WhereNotTerminatingContractTests : SnapshotContract<ServiceTopology>
{
    protected override Dictionary<char, string> Words { get; } = new()
    {
        ['s'] = "syncing",
        ['2'] = "a b(not ready)",
        ['t'] = "a b(terminating)",
        ['x'] = "a(terminating)",
        ['1'] = "a",
        ['0'] = "empty",
    };

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-2-t-x-0|", "s-2-1-0-0|"), ("[2t]--x|", "[21]--0|")];

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.WhereNotTerminating();
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WhereInZone))]
public sealed class WhereInZoneContractTests : SnapshotContract<ServiceTopology>
{
    protected override Dictionary<char, string> Words { get; } = new()
    {
        ['2'] = "a(zone x) b(zone y)",
        ['1'] = "a(zone x)",
        ['0'] = "empty",
    };

    protected override IReadOnlyList<(string Source, string Result)> Examples => [("0-2-1|", "0-1-1|"), ("[21]--0|", "[11]--0|")];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        .. base.BadCalls,
        () => Observable.Never<ServiceTopology>().WhereInZone(null!),
        () => Observable.Never<ServiceTopology>().WhereInZone(""),
        () => Observable.Never<ServiceTopology>().WhereInZone("x", null!),
        () => Observable.Never<ServiceTopology>().WhereInZone("x", "y", null!),
        () => Observable.Never<ServiceTopology>().WhereInZone("x", ""),
    ];

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.WhereInZone("x");
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WhereSynced))]
public sealed class WhereSyncedContractTests : SnapshotContract<ServiceTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
        [("s-s-0-2-i-2|", "----0-2-i-2|"), ("[s02]--s|", "[02]---|")];

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) => source.WhereSynced();
}
