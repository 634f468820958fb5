using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Operators;

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.Changes))]
public sealed class ChangesContractTests : SnapshotContract<TopologyDiff>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
        [("s-1-2-i-n-1|", "--x-y---u-z|"), ("[12]--i1|", "[xy]---z|")];

    protected override IObservable<TopologyDiff> Apply(IObservable<ServiceTopology> source, TestClock clock) => source.Changes();
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.DistinctUntilMembersChanged))]
public sealed class DistinctUntilMembersChangedContractTests : SnapshotContract<ServiceTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
        [("s-0-0-2-n-i-1|", "s-0---2-----1|"), ("[s02]--n1|", "[s02]---1|")];

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.DistinctUntilMembersChanged();
}
