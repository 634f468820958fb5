using System.Collections.Immutable;
using System.Reactive.Concurrency;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Runs the steps with one algorithm.</summary>
internal static class SimulationRunner
{
    /// <summary>The number of measurements; the shortest time counts.</summary>
    private const int Passes = 3;

    /// <summary>Runs the steps.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="settings">The settings of the simulation.</param>
    /// <param name="scheduler">The clock of the measurements.</param>
    /// <param name="onStep">Called after each step, with its number and the number of all steps.</param>
    /// <returns>The result.</returns>
    /// <exception cref="UsageException">The algorithm does not support the members.</exception>
    public static SimulationResult Run(
        Algorithm algorithm, SimulateSettings settings, IScheduler scheduler, Action<int, int>? onStep = null)
    {
        var keys = new KeyHash[settings.Keys];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = KeyHash.Of((long)i);
        }

        List<SimulatedMember> members = [.. settings.Members.Select((name, i) => new SimulatedMember(name, 1, i))];
        var ring = Create(algorithm, members, settings);
        var placement = Placement.Of(ring, members, keys, settings.Replicas);
        var (steps, peak, spent) = (ImmutableArray.CreateBuilder<StepResult>(), placement.Peak, TimeSpan.Zero);
        var script = settings.StepsFor(algorithm);
        foreach (var step in script)
        {
            var refusal = members.All(m => m.Name != step.Member) && step.Kind != StepKind.Join
                ? $"{step.Member} did not join" : algorithm.Refuses(step, members);
            try
            {
                if (refusal is null)
                {
                    var next = Apply(step, members);
                    var changed = ring;
                    spent += Enumerable.Range(0, settings.HasCost ? Passes : 1).Min(_ =>
                    {
                        var watch = scheduler.StartStopwatch();
                        changed = step.Kind == StepKind.Leave
                            ? ring.Without(members.Find(m => m.Name == step.Member)!)
                            : ring.With(next.Find(m => m.Name == step.Member)!);
                        return watch.Elapsed;
                    });
                    (ring, members) = (changed, next);
                    var after = Placement.Of(ring, members, keys, settings.Replicas);
                    var (moved, ideal, needless) = after.Since(placement);
                    steps.Add(new StepResult(step, moved, ideal, needless, after.Peak));
                    (placement, peak) = (after, Math.Max(peak, after.Peak));
                }
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
            {
                refusal = e.Message;
            }

            if (refusal is not null)
            {
                steps.Add(new StepResult(step, 0, 0, 0, placement.Peak, refusal));
            }

            onStep?.Invoke(steps.Count, script.Length);
        }

        var result = new SimulationResult(algorithm, steps.DrainToImmutable(), peak, null);
        var done = result.Steps.Length - result.RefusedSteps;
        return !settings.HasCost ? result : result with
        {
            Cost = new Cost(
                Lookup(ring, keys, scheduler), done == 0 ? null : spent.TotalMicroseconds / done, Bytes(algorithm, members, settings)),
        };
    }

    private static IRing<SimulatedMember> Create(Algorithm algorithm, List<SimulatedMember> members, SimulateSettings settings)
    {
        try
        {
            return algorithm.Create(members, settings);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{algorithm.Name}: {e.Message} To fix: use fewer --members or --tokens.", e);
        }
    }

    private static List<SimulatedMember> Apply(Step step, List<SimulatedMember> members) => step.Kind switch
    {
        StepKind.Join => [.. members, new SimulatedMember(step.Member, step.Weight, members.Count)],
        StepKind.Leave => [.. members.Where(m => m.Name != step.Member)],
        _ => [.. members.Select(m => m.Name == step.Member ? m with { Weight = step.Weight } : m)],
    };

    private static double Lookup(IRing<SimulatedMember> ring, KeyHash[] keys, IScheduler scheduler) => Enumerable.Range(0, Passes).Min(_ =>
    {
        var watch = scheduler.StartStopwatch();
        foreach (var key in keys)
        {
            ring.TryGetOwner(key, out SimulatedMember? _);
        }

        return watch.Elapsed.TotalNanoseconds / keys.Length;
    });

    private static double Bytes(Algorithm algorithm, List<SimulatedMember> members, SimulateSettings settings)
    {
        if (members.Count == 0)
        {
            return 0;
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var ring = algorithm.Create(members, settings);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(ring);
        return Math.Max(0, (double)bytes / members.Count);
    }
}
