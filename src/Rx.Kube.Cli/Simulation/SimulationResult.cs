using System.Collections.Immutable;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Holds the result of a simulation with one algorithm.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Steps">The results of the steps.</param>
/// <param name="Peak">The maximum over all steps of the keys of the fullest member ÷ its fair share.</param>
/// <param name="Cost">The measured cost, or null.</param>
internal sealed record SimulationResult(Algorithm Algorithm, ImmutableArray<StepResult> Steps, double Peak, Cost? Cost)
{
    /// <summary>Gets the number of copies that moved.</summary>
    public long Moved => Steps.Sum(s => (long)s.Moved);

    /// <summary>Gets the minimum number of copies that any algorithm must move.</summary>
    public double Ideal => Steps.Sum(s => s.Ideal);

    /// <summary>Gets the number of copies that moved needlessly.</summary>
    public long Needless => Steps.Sum(s => (long)s.Needless);

    /// <summary>Gets moved ÷ ideal; null when ideal is zero.</summary>
    public double? Ratio => Ideal > 0 ? Moved / Ideal : null;

    /// <summary>Gets the number of steps that the algorithm does not support.</summary>
    public int RefusedSteps => Steps.Count(s => s.Refusal is not null);
}

/// <summary>Holds the result of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Moved">The number of copies that moved.</param>
/// <param name="Ideal">The minimum number of copies that any algorithm must move.</param>
/// <param name="Needless">The number of copies that moved needlessly.</param>
/// <param name="Peak">The keys of the fullest member ÷ its fair share after the step.</param>
/// <param name="Refusal">The reason why the step was not done, or null. Not escaped.</param>
internal sealed record StepResult(Step Step, int Moved, double Ideal, int Needless, double Peak, string? Refusal = null)
{
    /// <summary>Gets moved ÷ ideal; null when ideal is zero.</summary>
    public double? Ratio => Ideal > 0 ? Moved / Ideal : null;
}

/// <summary>Holds the measured cost of an algorithm on this machine.</summary>
/// <param name="Lookup">The nanoseconds to find an owner.</param>
/// <param name="Change">The microseconds to add, remove or reweight a member; null without such a step.</param>
/// <param name="Bytes">The bytes of memory per member.</param>
internal sealed record Cost(double Lookup, double? Change, double Bytes);
