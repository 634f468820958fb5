using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Explaining;

/// <summary>What <c>rxkube explain</c> was asked to do.</summary>
/// <param name="Watch">Which Service.</param>
/// <param name="Key">The key.</param>
/// <param name="Replicas">How many replicas a key has.</param>
/// <param name="Tokens">Tokens per weight.</param>
internal sealed record ExplainSettings(WatchSettings Watch, string Key, int Replicas, int Tokens)
{
    /// <summary>Where tokens stand.</summary>
    public RingLayout Layout => RingLayout.Native(Tokens);
}
