using System.Collections.Immutable;
using Rx.Kube.Simulator;

namespace Rx.Kube.Cli.Demo;

/// <summary>Keeps the objects of the demonstration in step with the scenario: the Service, the nodes, the pods, and their slice.</summary>
internal sealed class DemoState
{
    private const string Pods = "pods";
    private const string Slices = "endpointslices";

    private readonly SimulatedCluster _cluster;
    private readonly ServiceName _service;
    private readonly Dictionary<int, string> _uids = [];
    private ImmutableArray<DemoPod> _pods = [];

    /// <summary>Creates the Service, the nodes and an empty slice.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="service">The Service.</param>
    public DemoState(SimulatedCluster cluster, ServiceName service)
    {
        (_cluster, _service) = (cluster, service);
        cluster.Create("services", DemoObjects.Service(service));
        for (var node = 0; node < DemoScenario.Nodes; node++)
        {
            cluster.Create("nodes", DemoObjects.Node(node));
        }

        cluster.Create(Slices, DemoSlice.Of(service, [], _ => ""));
    }

    /// <summary>Changes the pods, and then the slice.</summary>
    /// <param name="pods">The pods of the next step.</param>
    public void Next(ImmutableArray<DemoPod> pods)
    {
        var before = _pods.ToDictionary(p => p.Incarnation);
        var gone = _pods.ExceptBy(pods.Select(p => p.Incarnation), p => p.Incarnation).ToList();

        // The name of a pod that is replaced at once must be free; others go after the slice, which would name a pod that is not there.
        var replaced = gone.Where(g => pods.Any(p => p.Ordinal == g.Ordinal)).ToList();
        replaced.ForEach(End);
        foreach (var pod in pods)
        {
            if (!before.TryGetValue(pod.Incarnation, out var was))
            {
                _uids[pod.Incarnation] = (string)_cluster.Create(Pods, DemoObjects.Pod(_service, pod))["metadata"]!["uid"]!;
            }
            else if (was.Phase != pod.Phase)
            {
                if (!IsLeaving(was) && IsLeaving(pod))
                {
                    Delete(pod);
                }

                _cluster.Replace(Pods, DemoObjects.Pod(_service, pod));
            }
        }

        _cluster.Replace(Slices, DemoSlice.Of(_service, pods, pod => _uids[pod.Incarnation]));
        gone.Except(replaced).ToList().ForEach(End);
        _pods = pods;
    }

    private static bool IsLeaving(DemoPod pod) => pod.Phase is DemoPhase.Draining or DemoPhase.Stopped;

    private void End(DemoPod pod)
    {
        if (!IsLeaving(pod))
        {
            Delete(pod);
        }

        _cluster.Replace(Pods, DemoObjects.Pod(_service, pod, isRunning: false));
        _uids.Remove(pod.Incarnation);
    }

    private void Delete(DemoPod pod) => _cluster.Delete(Pods, _service.Namespace, DemoObjects.PodName(_service.Name, pod));
}
