using System.Collections.Immutable;
using System.Globalization;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Creates the steps of a simulation, from a script or at random.</summary>
internal static class SimulationScript
{
    private static readonly char[] _between = [';', '\n'];

    /// <summary>Parses a script: steps separated by semicolons or line ends.</summary>
    /// <param name="text">The script, such as <c>join x; leave cache-3; weight cache-1 3</c>.</param>
    /// <param name="members">The members at the beginning.</param>
    /// <returns>The steps.</returns>
    /// <exception cref="UsageException">
    /// The text is not a script, it has too many steps, or a step is impossible: a present member joins, or an absent member leaves.
    /// </exception>
    public static ImmutableArray<Step> Parse(string text, IEnumerable<string> members)
    {
        var there = members.ToHashSet(StringComparer.Ordinal);
        var parts = text.Split(_between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > SimulateOptions.MaxSteps)
        {
            throw new UsageException($"--script has {parts.Length} steps, more than {SimulateOptions.MaxSteps}. To fix: use fewer steps.");
        }

        var steps = parts.Select(part =>
        {
            var step = ParseStep(part);
            var isThere = there.Contains(step.Member);
            if (isThere == (step.Kind == StepKind.Join))
            {
                var state = isThere ? "already a member" : "not a member at that step";
                var near = isThere ? "" : NearNames.Question(step.Member, there);
                throw new UsageException($"--script: '{part}' is not possible: {step.Member} is {state}.{near}");
            }

            _ = step.Kind == StepKind.Leave ? there.Remove(step.Member) : there.Add(step.Member);
            return step;
        }).ToImmutableArray();
        return !steps.IsEmpty ? steps : throw new UsageException(
            "--script has no steps. To fix: write steps such as 'join x; leave cache-3; weight cache-1 3'.");
    }

    /// <summary>Creates random joins and leaves; at least one member always remains.</summary>
    /// <param name="seed">The seed; equal seeds give equal steps.</param>
    /// <param name="count">The number of steps.</param>
    /// <param name="members">The members at the beginning.</param>
    /// <param name="lastOnly">Whether only the member that joined last can leave.</param>
    /// <returns>The steps.</returns>
    public static ImmutableArray<Step> Random(int seed, int count, IEnumerable<string> members, bool lastOnly)
    {
        var (random, there, next) = (new Random(seed), members.ToList(), 0);
        var names = there.ToHashSet(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (joins, index) = (random.Next(2) == 0 || there.Count == 1, random.Next(there.Count));
            if (joins)
            {
                string name;
                do
                {
                    name = string.Create(CultureInfo.InvariantCulture, $"new-{next++}");
                }
                while (!names.Add(name));
                there.Add(name);
                return new Step(StepKind.Join, name);
            }

            var leaver = there[lastOnly ? ^1 : index];
            there.Remove(leaver);
            return new Step(StepKind.Leave, leaver);
        })];
    }

    private static Step ParseStep(string part) => part.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["join", var member] => new Step(StepKind.Join, member),
        ["leave", var member] => new Step(StepKind.Leave, member),
        ["weight", var member, var text] when IsWeight(text, out var weight) => new Step(StepKind.Weight, member, weight),
        ["weight", _, var text] => throw new UsageException(
            $"--script: '{text}' is not a weight. To fix: write a whole number from 1 to {RingLimits.MaxWeight}."),
        _ => throw new UsageException(
            $"--script: '{part}' is not a step. To fix: write 'join x', 'leave x' or 'weight x 3', separated by semicolons."),
    };

    private static bool IsWeight(string text, out int weight) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out weight) && weight is >= 1 and <= RingLimits.MaxWeight;
}
