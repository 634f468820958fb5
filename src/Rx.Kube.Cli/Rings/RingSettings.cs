using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Rings;

/// <summary>What <c>rxkube ring</c> was asked to do.</summary>
/// <param name="Watch">Which Service.</param>
/// <param name="Replicas">How many replicas a key has.</param>
/// <param name="Tokens">Tokens per weight.</param>
/// <param name="Self">Whose gains and losses to say; null for nobody's.</param>
internal sealed record RingSettings(WatchSettings Watch, int Replicas, int Tokens, string? Self)
{
    /// <summary>Where tokens stand.</summary>
    public RingLayout Layout => RingLayout.Native(Tokens);
}
