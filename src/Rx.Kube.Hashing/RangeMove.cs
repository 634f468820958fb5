namespace Rx.Kube.Hashing;

/// <summary>The keys in <paramref name="Range"/> have another owner than before.</summary>
/// <param name="Range">The hashes that move.</param>
/// <param name="From">Who owned them; the default of <typeparamref name="TMember"/> if the ring before had no members.</param>
/// <param name="To">Who owns them now; the default of <typeparamref name="TMember"/> if the ring has no members any more.</param>
/// <typeparam name="TMember">What stands on the ring.</typeparam>
public readonly record struct RangeMove<TMember>(KeyRange Range, TMember? From, TMember? To);
