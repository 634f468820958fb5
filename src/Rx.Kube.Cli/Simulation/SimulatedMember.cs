namespace Rx.Kube.Cli.Simulation;

/// <summary>A made-up member.</summary>
/// <param name="Name">Its identity.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Ordinal">How many were there when it joined.</param>
internal sealed record SimulatedMember(string Name, int Weight, int Ordinal);
