using System.Collections.Immutable;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Simulation;

/// <summary>What <c>rxkube simulate</c> was asked to do.</summary>
/// <param name="Members">The names of the members at the beginning.</param>
/// <param name="Algorithms">The algorithms.</param>
/// <param name="Script">The steps that were given; null for steps by chance.</param>
/// <param name="Steps">How many steps by chance.</param>
/// <param name="Seed">The seed of chance.</param>
/// <param name="Keys">How many keys are followed.</param>
/// <param name="Replicas">How many replicas a key has.</param>
/// <param name="Tokens">Tokens per weight, for algorithms that have tokens.</param>
/// <param name="HasCost">Whether times and sizes are measured.</param>
/// <param name="Output">The format; null for the table.</param>
/// <param name="Color">Whether to use colours.</param>
internal sealed record SimulateSettings(
    ImmutableArray<string> Members, ImmutableArray<Algorithm> Algorithms, ImmutableArray<Step>? Script, int Steps, int Seed,
    int Keys, int Replicas, int Tokens, bool HasCost, OutputFormat? Output, ColorMode Color)
{
    /// <summary>The steps for an algorithm: the same for all that can do them.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <returns>The steps.</returns>
    public ImmutableArray<Step> StepsFor(Algorithm algorithm) =>
        Script ?? Simulation.Script.Random(Seed, Steps, Members, algorithm.LastOnly);
}
