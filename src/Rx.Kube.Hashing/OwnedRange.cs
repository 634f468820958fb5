namespace Rx.Kube;

/// <summary>The keys in <paramref name="Range"/> are a member's.</summary>
/// <param name="Range">The hashes.</param>
/// <param name="Rank">As which replica: 0 is the owner.</param>
public readonly record struct OwnedRange(KeyRange Range, int Rank);
