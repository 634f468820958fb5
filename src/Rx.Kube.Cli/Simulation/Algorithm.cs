using System.Collections.Immutable;

namespace Rx.Kube.Cli.Simulation;

/// <summary>Describes an algorithm that can be simulated.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Create">Creates the ring.</param>
/// <param name="LastOnly">Whether only the member that joined last can leave.</param>
/// <param name="HasWeights">Whether members can have weights.</param>
internal sealed record Algorithm(
    string Name, Func<IReadOnlyList<SimulatedMember>, SimulateSettings, IRing<SimulatedMember>> Create,
    bool LastOnly = false, bool HasWeights = true)
{
    /// <summary>Gets all algorithms in the order of the output.</summary>
    public static ImmutableArray<Algorithm> All { get; } =
    [
        new("ring", (members, settings) =>
            HashRing.Create(members, m => m.Name, m => m.Weight, layout: RingLayout.Native(settings.Tokens))),
        new("rendezvous", (members, _) => Rendezvous.Create(members, m => m.Name, m => m.Weight)),
        new("maglev", (members, _) => Maglev.Create(members, m => m.Name, m => m.Weight)),
        new("anchor", (members, _) => Anchor.Create(members, m => m.Name, m => m.Weight)),
        new("jump", (members, _) => Jump.Create(members, m => m.Name, m => m.Ordinal), LastOnly: true, HasWeights: false),
        new("partitions", (members, _) => Partitions.Create(Rendezvous.Create(members, m => m.Name, m => m.Weight))),
    ];

    /// <summary>Gets the reason why the algorithm does not support a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="members">The members before the step.</param>
    /// <returns>The reason; null if it supports the step.</returns>
    public string? Refuses(Step step, IReadOnlyList<SimulatedMember> members) => step.Kind switch
    {
        StepKind.Weight when !HasWeights => $"{Name} does not support weights",
        StepKind.Leave when LastOnly && members[^1].Name != step.Member => $"{Name} removes only the last member, {members[^1].Name}",
        _ => null,
    };
}

/// <summary>Represents a simulated member.</summary>
/// <param name="Name">The name, which identifies the member.</param>
/// <param name="Weight">The weight.</param>
/// <param name="Ordinal">The number of members before it joined.</param>
internal sealed record SimulatedMember(string Name, int Weight, int Ordinal);
