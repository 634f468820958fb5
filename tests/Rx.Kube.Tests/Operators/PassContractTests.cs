using Rx.Kube.Operators;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;
using Rx.Kube.Topology;

namespace Rx.Kube.Tests.Operators;

[ContractOf(typeof(ChangesOperator), nameof(ChangesOperator.Changes))]
public sealed class ChangesContractTests : SnapshotContract<TopologyDiff>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-1-2-i-n-1|", "--x-y---u-z|"), ("[12]--i1|", "[xy]---z|")];

    protected override IObservable<TopologyDiff> Apply(IObservable<ServiceTopology> source, VirtualClock clock) => source.Changes();
}

[ContractOf(typeof(DistinctMembersOperator), nameof(DistinctMembersOperator.DistinctMembers))]
public sealed class DistinctMembersContractTests : SnapshotContract<ServiceTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-0-0-2-n-i-1|", "s-0---2-----1|"), ("[s02]--n1|", "[s02]---1|")];

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, VirtualClock clock) => source.DistinctMembers();
}

[ContractOf(typeof(SyncedOnlyOperator), nameof(SyncedOnlyOperator.SyncedOnly))]
public sealed class SyncedOnlyContractTests : SnapshotContract<ServiceTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples => [("s-s-0-2-i-2|", "----0-2-i-2|"), ("[s02]--s|", "[02]---|")];

    protected override IObservable<ServiceTopology> Apply(IObservable<ServiceTopology> source, VirtualClock clock) => source.SyncedOnly();
}
