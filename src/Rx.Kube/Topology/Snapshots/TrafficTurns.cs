namespace Rx.Kube;

/// <summary>Whose turn it is, for requests without a key. Thread-safe.</summary>
/// <param name="start">
/// Where to begin: a random number, so that processes that start together do not all begin with the same endpoint.
/// </param>
internal sealed class TrafficTurns(uint start)
{
    private uint _first = start;
    private uint _further = start;

    /// <summary>Gets the one whose turn it is, if it can be used, else another one.</summary>
    /// <param name="all">All of them.</param>
    /// <param name="state">What <paramref name="canUse"/> needs.</param>
    /// <param name="canUse">Whether one can be used.</param>
    /// <param name="isFurther">Whether the first one of a request has failed, so that this is not its first turn.</param>
    /// <returns>The one to use; null if none can be used.</returns>
    /// <remarks>
    /// The turns of those that cannot be used have an order of their own, in which all others have their turns. If the next one stood in
    /// for its neighbour, it would get two shares; if a further attempt took a turn of the next request, a dead one would soon be the first
    /// of more requests than its share.
    /// </remarks>
    public T? Next<T, TState>(IReadOnlyList<T> all, TState state, Func<T, TState, bool> canUse, bool isFurther)
        where T : class
    {
        if (all.Count == 0)
        {
            return null;
        }

        if (!isFurther && At(all, ref _first) is { } first && canUse(first, state))
        {
            return first;
        }

        for (var i = 0; i < all.Count; i++)
        {
            var next = At(all, ref _further);
            if (canUse(next, state))
            {
                return next;
            }
        }

        // Other callers have had turns in between, perhaps those of the only one.
        return all.FirstOrDefault(one => canUse(one, state));
    }

    private static T At<T>(IReadOnlyList<T> all, ref uint turn) => all[(int)(Interlocked.Increment(ref turn) % (uint)all.Count)];
}
