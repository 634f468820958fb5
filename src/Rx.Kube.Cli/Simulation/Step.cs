using System.Globalization;

namespace Rx.Kube.Cli.Simulation;

/// <summary>A change of the members.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Member">To whom.</param>
/// <param name="Weight">The member's weight from then on.</param>
internal sealed record Step(StepKind Kind, string Member, int Weight = 1)
{
    /// <summary>As a script has it.</summary>
    /// <returns>The text. Not escaped.</returns>
    public override string ToString() => Kind == StepKind.Weight
        ? string.Create(CultureInfo.InvariantCulture, $"weight {Member} {Weight}")
        : $"{(Kind == StepKind.Join ? "join" : "leave")} {Member}";
}

/// <summary>The kinds of step.</summary>
internal enum StepKind
{
    /// <summary>A member joins.</summary>
    Join,

    /// <summary>A member leaves.</summary>
    Leave,

    /// <summary>A member gets another weight.</summary>
    Weight,
}
