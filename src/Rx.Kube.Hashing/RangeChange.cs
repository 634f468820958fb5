using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>A range that a member holds now, holds no more, or holds in another rank.</summary>
/// <param name="Range">The hashes.</param>
/// <param name="RankBefore">As which replica it held them, 0 for the owner; null if it did not.</param>
/// <param name="RankAfter">As which replica it holds them now; null if it does not any more.</param>
/// <param name="Before">All who had them, the owner first.</param>
/// <param name="After">All who have them now, the owner first.</param>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed record RangeChange<TMember>(
    KeyRange Range, int? RankBefore, int? RankAfter, ImmutableArray<TMember> Before, ImmutableArray<TMember> After);
