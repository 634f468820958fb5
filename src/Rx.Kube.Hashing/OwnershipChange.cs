using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>What has changed for one member: the ranges it holds now, holds no more, or holds in another rank. Immutable.</summary>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class OwnershipChange<TMember>
{
    internal OwnershipChange(TMember self, ImmutableArray<RangeChange<TMember>> changes) => (Self, Changes) = (self, changes);

    /// <summary>The member.</summary>
    public TMember Self { get; }

    /// <summary>All of it in ascending order.</summary>
    public ImmutableArray<RangeChange<TMember>> Changes { get; }

    /// <summary>What it has to fetch, from one of <see cref="RangeChange{TMember}.Before"/>.</summary>
    public IEnumerable<RangeChange<TMember>> Gained => Changes.Where(change => change.RankBefore is null);

    /// <summary>What it may drop, once those of <see cref="RangeChange{TMember}.After"/> who are new have it.</summary>
    public IEnumerable<RangeChange<TMember>> Lost => Changes.Where(change => change.RankAfter is null);

    /// <summary>What it had and has, in another rank: it becomes the owner or stops being it, say. Nothing is to be copied.</summary>
    public IEnumerable<RangeChange<TMember>> Reranked => Changes.Where(change => change is { RankBefore: not null, RankAfter: not null });

    /// <summary>Whether nothing has changed for it.</summary>
    public bool IsEmpty => Changes.IsEmpty;
}
