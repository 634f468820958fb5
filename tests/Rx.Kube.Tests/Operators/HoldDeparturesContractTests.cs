using System.Reactive.Linq;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Operators;

/// <summary>With a grace of 5 ms.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.HoldDepartures))]
public sealed class HoldDeparturesContractTests : SnapshotContract<ServiceTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("s-2-1-2-i|", "s-2-h-2-i|"),
        ("2-1 20ms 2-|", "2-h----1 15ms 2-|"),
        ("[s21] 20ms", "[s2h]----1"),
        ("2-1-|", "2-h-|"),
    ];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        .. base.BadCalls,
        () => Observable.Never<ServiceTopology>().HoldDepartures(TimeSpan.FromTicks(-1)),
        () => Observable.Never<ServiceTopology>().HoldDepartures(TimeSpan.MaxValue),
    ];

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.HoldDepartures(TimeSpan.FromMilliseconds(5), clock);
}
