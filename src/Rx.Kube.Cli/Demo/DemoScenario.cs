using System.Collections.Immutable;

namespace Rx.Kube.Cli.Demo;

/// <summary>Represents one step of the demonstration.</summary>
/// <param name="After">The time since the previous step.</param>
/// <param name="Pods">The pods after the step, ordered by ordinal.</param>
/// <param name="IsOnline">Whether the server is reachable after the step.</param>
internal sealed record DemoStep(TimeSpan After, ImmutableArray<DemoPod> Pods, bool IsOnline);

/// <summary>
/// Generates the steps of the demonstration: an infinite sequence of changes to a StatefulSet. Equal seeds give equal sequences.
/// </summary>
/// <param name="seed">The seed.</param>
internal sealed class DemoScenario(int seed)
{
    /// <summary>The number of nodes, spread over three zones.</summary>
    public const int Nodes = 6;

    private const int FewestPods = 4;
    private const int MostPods = 8;

    private readonly Random _random = new(seed);
    private int _incarnations;
    private ImmutableArray<DemoPod> _pods = [];

    /// <summary>Generates the steps; the first step has five ready pods.</summary>
    /// <returns>An infinite sequence.</returns>
    public IEnumerable<DemoStep> Steps()
    {
        _pods = [.. Enumerable.Range(0, 5).Select(ordinal => NewPod(ordinal) with { Phase = DemoPhase.Ready })];
        yield return Now(0);
        while (true)
        {
            foreach (var phase in new[] { Restart(3), FailProbe(), ScaleUp(), LoseConnection(), FailProbe(), ScaleDown() })
            {
                foreach (var step in phase)
                {
                    yield return step;
                }
            }
        }
    }

    /// <summary>
    /// Restarts pods as a rolling update does: from the last ordinal down, one at a time; each returns with its name and a new address.
    /// </summary>
    private IEnumerable<DemoStep> Restart(int count)
    {
        var last = _pods.Length - 1;
        for (var ordinal = last; ordinal > last - count; ordinal--)
        {
            Set(ordinal, DemoPhase.Draining);
            yield return Now(1.0);
            Set(ordinal, DemoPhase.Stopped);
            yield return Now(1.2);
            Remove(ordinal);
            yield return Now(0.6);
            Add(NewPod(ordinal));
            yield return Now(0.9);
            Set(ordinal, DemoPhase.Ready);
            yield return Now(1.5);
        }
    }

    private IEnumerable<DemoStep> FailProbe()
    {
        var ordinal = _random.Next(_pods.Length);
        Set(ordinal, DemoPhase.NotReady);
        yield return Now(1.2);
        Set(ordinal, DemoPhase.Ready);
        yield return Now(1.8);
    }

    private IEnumerable<DemoStep> ScaleUp()
    {
        for (var wanted = Math.Min(MostPods, _pods.Length + 1 + _random.Next(3)); _pods.Length < wanted;)
        {
            Add(NewPod(_pods.Length));
            yield return Now(0.8);
            Set(_pods.Length - 1, DemoPhase.Ready);
            yield return Now(1.3);
        }
    }

    private IEnumerable<DemoStep> ScaleDown()
    {
        for (var wanted = Math.Max(FewestPods, _pods.Length - 1 - _random.Next(3)); _pods.Length > wanted;)
        {
            Set(_pods.Length - 1, DemoPhase.Draining);
            yield return Now(1.0);
            Remove(_pods.Length - 1);
            yield return Now(1.5);
        }
    }

    /// <summary>Loses the connection; during the outage one pod is replaced and another one leaves.</summary>
    private IEnumerable<DemoStep> LoseConnection()
    {
        yield return Now(1.5, isOnline: false);
        var replaced = _random.Next(_pods.Length - 1);
        Remove(replaced);
        Add(NewPod(replaced) with { Phase = DemoPhase.Ready });
        yield return Now(2.5, isOnline: false);
        Remove(_pods.Length - 1);
        yield return Now(2.0, isOnline: false);
        yield return Now(1.0 + (_random.NextDouble() * 2));
    }

    private DemoStep Now(double afterSeconds, bool isOnline = true) => new(TimeSpan.FromSeconds(afterSeconds), _pods, isOnline);

    private DemoPod NewPod(int ordinal) => new(ordinal, ++_incarnations, _random.Next(Nodes), DemoPhase.NotReady);

    private void Add(DemoPod pod) => _pods = [.. _pods.Append(pod).OrderBy(p => p.Ordinal)];

    private void Remove(int ordinal) => _pods = _pods.RemoveAll(p => p.Ordinal == ordinal);

    private void Set(int ordinal, DemoPhase phase) => _pods = [.. _pods.Select(p => p.Ordinal == ordinal ? p with { Phase = phase } : p)];
}
