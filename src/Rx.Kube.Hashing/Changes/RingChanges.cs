namespace Rx.Kube;

/// <summary>A range of hashes whose replica of one rank moves to another member.</summary>
/// <param name="Range">The hashes that move.</param>
/// <param name="Rank">The rank of the replica, from 0; 0 is the owner.</param>
/// <param name="From">
/// The member that had the range; the default of <typeparamref name="TMember"/> if there were too few members for this rank.
/// </param>
/// <param name="To">
/// The member that has the range now; the default of <typeparamref name="TMember"/> if there are too few members for this rank.
/// </param>
/// <typeparam name="TMember">The type of the members.</typeparam>
public readonly record struct RangeMove<TMember>(KeyRange Range, int Rank, TMember? From, TMember? To);

/// <summary>A range of hashes whose replicas changed, or changed their order.</summary>
/// <param name="Range">The hashes.</param>
/// <param name="Before">The replicas before, the owner first. Empty if there were no members.</param>
/// <param name="After">The replicas now, the owner first. Empty if there are no members.</param>
/// <typeparam name="TMember">The type of the members.</typeparam>
public readonly record struct ReplicaChange<TMember>(KeyRange Range, EquatableArray<TMember> Before, EquatableArray<TMember> After);

/// <summary>A range of hashes that a member gains, loses, or holds at another rank.</summary>
/// <param name="Range">The hashes.</param>
/// <param name="RankBefore">The member's rank before, 0 for the owner; null if it did not hold the range.</param>
/// <param name="RankAfter">The member's rank now, 0 for the owner; null if it no longer holds the range.</param>
/// <param name="Before">All replicas before, the owner first.</param>
/// <param name="After">All replicas now, the owner first.</param>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed record RangeChange<TMember>(
    KeyRange Range, int? RankBefore, int? RankAfter, EquatableArray<TMember> Before, EquatableArray<TMember> After);

/// <summary>Ranges of hashes that a member gains and should fetch from one other member. Equal by content.</summary>
/// <param name="From">The member to fetch from.</param>
/// <param name="Ranges">The ranges, in ascending order, neither overlapping nor adjacent.</param>
/// <typeparam name="TMember">The type of the members.</typeparam>
public readonly record struct GainedRanges<TMember>(TMember From, EquatableArray<KeyRange> Ranges);
