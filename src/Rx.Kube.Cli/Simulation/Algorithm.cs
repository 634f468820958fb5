using System.Collections.Immutable;

namespace Rx.Kube.Cli.Simulation;

/// <summary>An algorithm that can be simulated.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Create">Makes its ring.</param>
/// <param name="LastOnly">Whether only the member that joined last can leave.</param>
/// <param name="HasWeights">Whether members can have weights.</param>
internal sealed record Algorithm(
    string Name, Func<IReadOnlyList<SimulatedMember>, SimulateSettings, IRing<SimulatedMember>> Create, bool LastOnly = false, bool HasWeights = true)
{
    /// <summary>All of them, in the order in which they are shown.</summary>
    public static ImmutableArray<Algorithm> All { get; } =
    [
        new("ring", (members, settings) => HashRing.Create(members, m => m.Name, m => m.Weight, layout: RingLayout.Native(settings.Tokens))),
        new("rendezvous", (members, _) => Rendezvous.Create(members, m => m.Name, m => m.Weight)),
        new("maglev", (members, _) => Maglev.Create(members, m => m.Name, m => m.Weight)),
        new("anchor", (members, _) => Anchor.Create(members, m => m.Name, m => m.Weight)),
        new("jump", (members, _) => Jump.Create(members, m => m.Name, m => m.Ordinal), LastOnly: true, HasWeights: false),
        new("partitions", (members, _) => Partitions.Create(Rendezvous.Create(members, m => m.Name, m => m.Weight))),
    ];

    /// <summary>Why it cannot do a step that others can.</summary>
    /// <param name="step">The step.</param>
    /// <param name="members">The members before it.</param>
    /// <returns>The reason; null when it can.</returns>
    public string? Refuses(Step step, IReadOnlyList<SimulatedMember> members) => step.Kind switch
    {
        StepKind.Weight when !HasWeights => $"{Name} knows no weights",
        StepKind.Leave when LastOnly && members[^1].Name != step.Member => $"with {Name} only the last member can leave, {members[^1].Name}",
        _ => null,
    };
}
