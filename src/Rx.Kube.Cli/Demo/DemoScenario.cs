using System.Collections.Immutable;

namespace Rx.Kube.Cli.Demo;

/// <summary>A moment of the demonstration.</summary>
/// <param name="After">How long after the moment before.</param>
/// <param name="Pods">The pods from then on, by ordinal.</param>
/// <param name="IsOnline">Whether the server can be reached from then on.</param>
internal sealed record DemoStep(TimeSpan After, ImmutableArray<DemoPod> Pods, bool IsOnline);

/// <summary>
/// What happens in the demonstration: a StatefulSet under steady churn, as a sequence without end. The same seed gives the same one.
/// </summary>
/// <param name="seed">The seed.</param>
internal sealed class DemoScenario(int seed)
{
    /// <summary>The nodes, over three zones.</summary>
    public const int Nodes = 6;

    private const int FewestPods = 4;
    private const int MostPods = 8;

    private readonly Random _random = new(seed);
    private int _incarnations;
    private ImmutableArray<DemoPod> _pods = [];

    /// <summary>The moments, from the first on: five ready pods at once.</summary>
    /// <returns>A sequence without end.</returns>
    public IEnumerable<DemoStep> Steps()
    {
        _pods = [.. Enumerable.Range(0, 5).Select(ordinal => NewPod(ordinal) with { Phase = DemoPhase.Ready })];
        yield return Now(0);
        while (true)
        {
            foreach (var chapter in new[] { Restart(3), FailProbe(), ScaleUp(), LoseConnection(), FailProbe(), ScaleDown() })
            {
                foreach (var step in chapter)
                {
                    yield return step;
                }
            }
        }
    }

    /// <summary>A rolling update: from the last pod down, one at a time, each back under its name with a new address.</summary>
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

    /// <summary>The connection is lost; while nobody can see it, one pod is replaced and another one leaves.</summary>
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
