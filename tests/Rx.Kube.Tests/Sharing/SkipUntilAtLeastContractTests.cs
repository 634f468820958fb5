using System.Reactive.Linq;
using Rx.Kube.Tests.Contracts;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Sharing;

/// <summary>A digit is a snapshot with that version; s one that is syncing. Version 5 is waited for.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.SkipUntilAtLeast))]
public sealed class SkipUntilAtLeastContractTests : OperatorContract<ServiceTopology, ServiceTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("s-3-[456]-1-7|", "----[56]-1-7|"),
        ("3-9--1-s", "--9--1-s"),
        ("3-4-|", "----|"),
    ];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        .. base.BadCalls,
        () => Observable.Never<ServiceTopology>().SkipUntilAtLeast(null!),
        () => Observable.Never<ServiceTopology>().SkipUntilAtLeast(""),
        () => Observable.Never<ClusterTopology>().SkipUntilAtLeast(""),
        () => Observable.Never<ResourceStore<string>>().SkipUntilAtLeast(""),
        () => Observable.Never<ServiceTopology>().AtLeastAsync(""),
        () => Observable.Never<ClusterTopology>().AtLeastAsync(""),
        () => Observable.Never<ResourceStore<string>>().AtLeastAsync(""),
        () => KubeObservable.SkipUntilAtLeast((IObservable<ClusterTopology>)null!, "5"),
        () => KubeObservable.SkipUntilAtLeast((IObservable<ResourceStore<string>>)null!, "5"),
        () => KubeObservable.AtLeastAsync((IObservable<ServiceTopology>)null!, "5"),
    ];

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.SkipUntilAtLeast("5");

    protected override ServiceTopology Value(char key) => key == 's' ? Last(Interrupted()) : Last(Listed($"{key}"));

    protected override char Key(ServiceTopology value) => value.Version is [var digit] ? digit : 's';
}
