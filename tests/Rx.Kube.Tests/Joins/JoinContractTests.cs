using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Tests.Contracts;
using static Rx.Kube.Tests.Joins.JoinTestData;

namespace Rx.Kube.Tests.Joins;

/// <summary>The laws of a join, for one of its sides at a time: the other one has given one snapshot and completed.</summary>
public abstract class JoinContract<TSide> : OperatorContract<TSide, JoinedTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples => [("a-b-|", "a-b-|"), ("[ab]-a|", "[ab]-a|"), ("-a", "-a")];

    protected static IObservable<ServiceTopology> Cache { get; } = Observable.Return(TopologyOf(Listed(Slice(Endpoint(0, node: "n1")))));

    // a is complete; b has a missing partner.
    protected override char Key(JoinedTopology value) => value.IsComplete ? 'a' : 'b';
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WithPods))]
public sealed class WithPodsContractTests : JoinContract<ResourceStore<Pod>>
{
    protected override IObservable<JoinedTopology> Apply(IObservable<ResourceStore<Pod>> source, TestClock clock) =>
        Cache.WithPods(source);

    protected override ResourceStore<Pod> Value(char key) => Store(Listed(Pod(0, key == 'a' ? "u1" : "u2")));
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WithNodes))]
public sealed class WithNodesContractTests : JoinContract<ResourceStore<Node>>
{
    protected override IObservable<JoinedTopology> Apply(IObservable<ResourceStore<Node>> source, TestClock clock) =>
        Cache.WithNodes(source);

    protected override ResourceStore<Node> Value(char key) => Store(Listed(Node(key == 'a' ? "n1" : "n2")));
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WithPods))]
public sealed class TopologyWithPodsContractTests : JoinContract<ServiceTopology>
{
    protected override IObservable<JoinedTopology> Apply(IObservable<ServiceTopology> source, TestClock clock) =>
        source.WithPods(Observable.Return(Store(Listed(Pod(0)))));

    protected override ServiceTopology Value(char key) => TopologyOf(Listed(Slice(Endpoint(0, key == 'a' ? "u1" : "u2"))));
}

[ContractOf(typeof(KubeObservable), nameof(KubeObservable.WithNodes))]
public sealed class JoinedWithNodesContractTests : JoinContract<JoinedTopology>
{
    protected override IObservable<JoinedTopology> Apply(IObservable<JoinedTopology> source, TestClock clock) =>
        source.WithNodes(Observable.Return(Store(Listed(Node("n1")))));

    protected override JoinedTopology Value(char key) =>
        Join(TopologyOf(Listed(Slice(Endpoint(0, node: key == 'a' ? "n1" : "n2")))), Store(Listed(Pod(0))));
}
