namespace Rx.Kube;

/// <summary>The keys in <paramref name="Range"/> have another replica of this rank than before.</summary>
/// <param name="Range">The hashes that move.</param>
/// <param name="Rank">Which replica: 0 is the owner.</param>
/// <param name="From">Who it was; the default of <typeparamref name="TMember"/> if there were too few members.</param>
/// <param name="To">Who it is now; the default of <typeparamref name="TMember"/> if there are too few members now.</param>
/// <typeparam name="TMember">What stands on the ring.</typeparam>
public readonly record struct RangeMove<TMember>(KeyRange Range, int Rank, TMember? From, TMember? To);
