using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>The keys in <paramref name="Range"/> have other replicas than before, or the same in another order.</summary>
/// <param name="Range">The hashes.</param>
/// <param name="Before">Who the replicas were, the owner first.</param>
/// <param name="After">Who they are now, the owner first.</param>
/// <typeparam name="TMember">What owns keys.</typeparam>
public readonly record struct ReplicaChange<TMember>(KeyRange Range, ImmutableArray<TMember> Before, ImmutableArray<TMember> After);
