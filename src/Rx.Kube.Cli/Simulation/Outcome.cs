using System.Collections.Immutable;

namespace Rx.Kube.Cli.Simulation;

/// <summary>What came of the steps with one algorithm.</summary>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Steps">Each step.</param>
/// <param name="Peak">The fullest member's keys ÷ its share, at the worst time.</param>
/// <param name="Cost">What it cost; null when not measured.</param>
internal sealed record Outcome(Algorithm Algorithm, ImmutableArray<StepOutcome> Steps, double Peak, Cost? Cost)
{
    /// <summary>How many copies moved.</summary>
    public long Moved => Steps.Sum(s => (long)s.Moved);

    /// <summary>How many had to.</summary>
    public double Ideal => Steps.Sum(s => s.Ideal);

    /// <summary>How many of those that moved need not have.</summary>
    public long Needless => Steps.Sum(s => (long)s.Needless);

    /// <summary>Moved ÷ ideal; null when nothing had to move.</summary>
    public double? Ratio => Ideal > 0 ? Moved / Ideal : null;

    /// <summary>How many steps it could not do.</summary>
    public int RefusedSteps => Steps.Count(s => s.Refusal is not null);
}

/// <summary>What came of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Moved">How many copies moved.</param>
/// <param name="Ideal">How many had to.</param>
/// <param name="Needless">How many of those that moved need not have.</param>
/// <param name="Peak">The fullest member's keys ÷ its share afterwards.</param>
/// <param name="Refusal">Why it could not be done; null when it could. Not escaped.</param>
internal sealed record StepOutcome(Step Step, int Moved, double Ideal, int Needless, double Peak, string? Refusal = null)
{
    /// <summary>Moved ÷ ideal; null when nothing had to move.</summary>
    public double? Ratio => Ideal > 0 ? Moved / Ideal : null;
}

/// <summary>What an algorithm costs on this machine, now.</summary>
/// <param name="Lookup">Nanoseconds to find an owner.</param>
/// <param name="Change">Microseconds for a member to join, leave, or get another weight; null when none did.</param>
/// <param name="Bytes">Memory per member.</param>
internal sealed record Cost(double Lookup, double? Change, double Bytes);
