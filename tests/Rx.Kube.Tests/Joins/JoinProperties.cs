using System.Collections.Immutable;
using System.Reactive.Subjects;
using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Joins.JoinTestData;

namespace Rx.Kube.Tests.Joins;

/// <summary>
/// What holds however the events of three watches interleave. The watches show one history of pods, nodes and endpoints, each at its
/// own pace. A failure prints its seed, which is the whole input.
/// </summary>
public class JoinProperties
{
    [Fact]
    public void Any_interleaving_ends_in_the_join_of_the_last_states_and_no_torn_state_is_complete() => ForEveryInterleaving(run =>
    {
        // Read in their order, or in a random order and only some of them.
        var random = new Random(run.Seed);
        var read = run.Seed % 2 == 0 ? run.Seen : [.. random.GetItems(run.Seen.ToArray(), run.Seen.Count)];
        foreach (var (joined, topology, pods, nodes) in read)
        {
            Assert.Equal(Naive(topology, pods, nodes), Show(joined));
            if (joined.IsComplete)
            {
                Assert.True(topology.Freshness.IsSynced && pods.Freshness.IsSynced && nodes.Freshness.IsSynced);
                Assert.All(
                    joined.Endpoints, e => Assert.Equal((e.Endpoint.Uid, e.Endpoint.Node), (e.Pod?.Metadata.Uid, e.Node?.Metadata.Name)));
            }
        }

        var last = run.Seen[^1].Joined;
        Assert.Equal(Show(Join(TopologyOf([.. run.Slices]), Store([.. run.Pods]), Store([.. run.Nodes]))), Show(last));
        Assert.True(last.IsComplete, Show(last)); // all three have come to the end of one history
    });

    [Fact]
    public void Joins_are_equal_exactly_when_they_show_the_same() => ForEveryInterleaving(run =>
    {
        var random = new Random(run.Seed);
        for (var i = 1; i < run.Seen.Count; i++)
        {
            Holds(run.Seen[i - 1].Joined, run.Seen[i].Joined);
            Holds(run.Seen[random.Next(run.Seen.Count)].Joined, run.Seen[i].Joined);
        }

        static void Holds(JoinedTopology x, JoinedTopology y)
        {
            Assert.Equal(Show(x) == Show(y), x.Equals(y));
            Assert.True(!x.Equals(y) || x.GetHashCode() == y.GetHashCode());
        }
    });

    // The join, computed naively from lists.
    private static string Naive(ServiceTopology topology, ResourceStore<Pod> pods, ResourceStore<Node> nodes)
    {
        string[] states = ["live", "stale", "syncing"];
        var worst = states.Last(w => new[] { topology.Freshness, pods.Freshness, nodes.Freshness }.Any(f => f.ToString() == w));
        var (endpoints, missing) = (new List<string>(), new List<string>());
        foreach (var e in topology.Endpoints)
        {
            var namesake = pods.Values.FirstOrDefault(p => p.Metadata.Name == e.Pod);
            var pod = namesake?.Metadata.Uid == e.Uid ? namesake : null;
            var node = nodes.Values.FirstOrDefault(n => n.Metadata.Name == e.Node);
            endpoints.Add($"{e.Member}#{e.Uid}@{e.Node}({pod?.Metadata.Uid}{pod?.Revision},{node?.Zone})");
            if (pod is null && pods.Freshness.IsSynced)
            {
                missing.Add($"-Pod {e.Pod} {(namesake is null ? "NotFound" : "UidMismatch")}");
            }

            if (node is null && nodes.Freshness.IsSynced)
            {
                missing.Add($"-Node {e.Node} NotFound");
            }
        }

        var complete = worst != "syncing" && missing.Count == 0;
        return string.Join(' ', [$"{worst}{(complete ? "" : "!")}:", .. endpoints, .. missing]);
    }

    private static void ForEveryInterleaving(Action<Run> holds) => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => holds(new Run(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private sealed class Run
    {
        private readonly Random _random;
        private readonly SortedDictionary<int, (int Uid, int Node)> _pods = [];
        private readonly SortedSet<int> _nodes = [];
        private int _uid;

        public Run(int seed)
        {
            (Seed, _random) = (seed, new Random(seed));
            for (var i = 0; i < 3; i++)
            {
                Step();
            }

            Begin(Slices, Slice([.. Endpoints()]));
            Begin(Pods, [.. _pods.Select(PodOf)]);
            Begin(Nodes, [.. _nodes.Select(NodeOf)]);
            for (var i = 0; i < 25; i++)
            {
                Step();
            }

            // Sides that are interrupted at the end resume.
            Slices.Add(Resumed<EndpointSlice>());
            Pods.Add(Resumed<Pod>());
            Nodes.Add(Listed([.. _nodes.Select(NodeOf)]));
            Interleave();
        }

        public int Seed { get; }

        public List<WatchEvent<EndpointSlice>> Slices { get; } = [];

        public List<WatchEvent<Pod>> Pods { get; } = [];

        public List<WatchEvent<Node>> Nodes { get; } = [];

        public List<(JoinedTopology Joined, ServiceTopology Topology, ResourceStore<Pod> Pods, ResourceStore<Node> Nodes)> Seen { get; } =
            [];

        // The first list may come late.
        private void Begin<T>(List<WatchEvent<T>> events, params T[] items)
        {
            events.AddRange(Enumerable.Repeat(Interrupted<T>(), _random.Next(4)));
            events.Add(Listed(items));
        }

        private void Step()
        {
            var isFirst = Slices.Count == 0; // before the lists
            var i = _random.Next(4);
            switch (_random.Next(8))
            {
                case 0:
                    Slices.Add(Interrupted<EndpointSlice>());
                    break;
                case 1:
                    Pods.Add(Interrupted<Pod>());
                    break;
                case 2:
                    Pods.Add(Listed([.. _pods.Select(PodOf)]));
                    break;
                case 3:
                    var node = _random.Next(3);
                    if (_nodes.Remove(node))
                    {
                        Nodes.Add(Deleted(NodeOf(node)));
                        foreach (var pod in _pods.Where(p => p.Value.Node == node).ToList())
                        {
                            Delete(pod.Key);
                        }
                    }

                    break;
                case 4:
                    Delete(i);
                    break;
                default:
                    // Created, or deleted and created again.
                    _pods[i] = (++_uid, _random.Next(3));
                    Pods.Add(Modified(PodOf(KeyValuePair.Create(i, _pods[i]))));
                    if (_nodes.Add(_pods[i].Node) || _random.Next(3) == 0)
                    {
                        Nodes.Add(Modified(NodeOf(_pods[i].Node)));
                    }

                    Slices.Add(Modified(Slice([.. Endpoints()])));
                    break;
            }

            if (isFirst)
            {
                Slices.Clear();
                Pods.Clear();
                Nodes.Clear();
            }
        }

        private void Delete(int pod)
        {
            if (_pods.Remove(pod, out var gone))
            {
                Slices.Add(Modified(Slice([.. Endpoints()])));
                Pods.Add(Deleted(PodOf(KeyValuePair.Create(pod, gone))));
            }
        }

        private void Interleave()
        {
            using var slices = new Subject<WatchEvent<EndpointSlice>>();
            using var pods = new Subject<WatchEvent<Pod>>();
            using var nodes = new Subject<WatchEvent<Node>>();
            ServiceTopology topology = null!;
            ResourceStore<Pod> podStore = null!;
            ResourceStore<Node> nodeStore = null!;
            using var ends = new System.Reactive.Disposables.CompositeDisposable(
                slices.ToTopology(Cache).Subscribe(t => topology = t), pods.ToStore().Subscribe(p => podStore = p),
                nodes.ToStore().Subscribe(n => nodeStore = n),
                (_random.Next(2) == 0
                    ? slices.ToTopology(Cache).WithPods(pods.ToStore()).WithNodes(nodes.ToStore())
                    : slices.ToTopology(Cache).WithNodes(nodes.ToStore()).WithPods(pods.ToStore()))
                    .Subscribe(j => Seen.Add((j, topology, podStore, nodeStore))));
            var (s, p, n) = (0, 0, 0);
            while (s < Slices.Count || p < Pods.Count || n < Nodes.Count)
            {
                switch (_random.Next(3))
                {
                    case 0 when s < Slices.Count:
                        slices.OnNext(Slices[s++]);
                        break;
                    case 1 when p < Pods.Count:
                        pods.OnNext(Pods[p++]);
                        break;
                    case 2 when n < Nodes.Count:
                        nodes.OnNext(Nodes[n++]);
                        break;
                }
            }
        }

        private ImmutableArray<Endpoint> Endpoints() => [.. _pods.Select(p => Endpoint(p.Key, $"u{p.Value.Uid}", $"n{p.Value.Node}"))];

        private static Pod PodOf(KeyValuePair<int, (int Uid, int Node)> pod) => Pod(pod.Key, $"u{pod.Value.Uid}", $"r{pod.Value.Uid % 2}");

        private Node NodeOf(int node) => Node($"n{node}", $"z{_random.Next(2)}");
    }
}
