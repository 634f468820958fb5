using System.Globalization;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Represents a change of the members.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Member">The name of the member.</param>
/// <param name="Weight">The weight of the member after the step.</param>
internal sealed record Step(StepKind Kind, string Member, int Weight = 1)
{
    /// <summary>Formats the step as in a script.</summary>
    /// <returns>The text. Not escaped.</returns>
    public override string ToString() => Kind == StepKind.Weight
        ? string.Create(CultureInfo.InvariantCulture, $"weight {Member} {Weight}")
        : $"{(Kind == StepKind.Join ? "join" : "leave")} {Member}";
}

/// <summary>Specifies the kind of a step.</summary>
internal enum StepKind
{
    /// <summary>A member joins.</summary>
    Join,

    /// <summary>A member leaves.</summary>
    Leave,

    /// <summary>The weight of a member changes.</summary>
    Weight,
}
