namespace Rx.Kube;

/// <summary>Computes the minimum that any algorithm must move.</summary>
public static class IdealMoves
{
    /// <summary>
    /// Gets the minimum that must be copied from one ring to another if both followed their weights exactly and no member held a key twice,
    /// as a share, from 0 to 1, of all replicas of all keys. Zones are ignored.
    /// </summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="ring">The later ring.</param>
    /// <param name="previous">The earlier ring; null for none. Members with the same identity are the same member.</param>
    /// <param name="replicationFactor">The number of replicas of a key, from 1.</param>
    /// <returns>The share, from 0 to 1.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public static double IdealMovedFraction<TMember>(this IRing<TMember> ring, IRing<TMember>? previous, int replicationFactor = 1)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        var (before, after) = (Holdings(previous, replicationFactor), Holdings(ring, replicationFactor));
        return after.Sum(now => Math.Max(0, now.Value - before.GetValueOrDefault(now.Key))) / Math.Clamp(after.Count, 1, replicationFactor);
    }

    // The share of the hashes that each member would hold by its weight: at most 1, and then the others share the rest.
    private static Dictionary<string, double> Holdings<TMember>(IRing<TMember>? ring, int replicationFactor)
    {
        var held = new Dictionary<string, double>(StringComparer.Ordinal);
        if (ring is null)
        {
            return held;
        }

        var members = ring.Members
            .Select(member => (Name: ring.Traits.HashKeyOf(member), Weight: ring.Traits.WeightOf(member)))
            .OrderByDescending(member => member.Weight)
            .ToList();
        var (copies, weights) = ((double)Math.Min(replicationFactor, members.Count), members.Sum(member => (double)member.Weight));
        foreach (var (name, weight) in members)
        {
            held[name] = Math.Min(1, copies * weight / weights);
            (copies, weights) = (copies - held[name], weights - weight);
        }

        return held;
    }
}
