namespace Rx.Kube;

/// <summary>Whose turn it is, for requests without a key. Thread-safe.</summary>
/// <param name="start">
/// Where to begin: a random number, so that processes that start together do not all begin with the same endpoint.
/// </param>
internal sealed class TrafficTurns(uint start)
{
    // The last order is for all later attempts: a request that has failed so often is rare.
    private readonly uint[] _turns = [start, start, start, start];

    /// <summary>Gets the one whose turn it is, if it can be used, else another one.</summary>
    /// <param name="all">All of them.</param>
    /// <param name="state">What <paramref name="canUse"/> needs.</param>
    /// <param name="canUse">Whether one can be used.</param>
    /// <param name="failed">How many attempts of the request have failed.</param>
    /// <returns>The one to use; null if none can be used.</returns>
    /// <remarks>
    /// Each attempt of a request has an order of its own, in which all have their turns, and the second order also has the turns of those
    /// that cannot be used. If the next one stood in for its neighbour, it would get two shares. If a further attempt took a turn of the
    /// first ones, a dead one would soon be the first of more requests than its share; if all further attempts took theirs from one order,
    /// the requests that end with the living would begin with a dead one each time.
    /// </remarks>
    public T? Next<T, TState>(IReadOnlyList<T> all, TState state, Func<T, TState, bool> canUse, int failed)
        where T : class
    {
        if (all.Count == 0)
        {
            return null;
        }

        if (failed == 0 && At(all, ref _turns[0]) is { } first && canUse(first, state))
        {
            return first;
        }

        ref var turn = ref _turns[Math.Clamp(failed, 1, _turns.Length - 1)];
        for (var i = 0; i < all.Count; i++)
        {
            var next = At(all, ref turn);
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
