namespace Rx.Kube;

/// <summary>What has to move, whatever the algorithm.</summary>
public static class IdealMoves
{
    /// <summary>
    /// The least that would have to be copied if both rings followed their weights exactly, as far as nobody holds a key twice: the share, from 0 to 1, of all
    /// replicas that there are. Zones are left aside.
    /// </summary>
    /// <param name="ring">The ring after.</param>
    /// <param name="previous">The ring before; null for none. A member of the same identity is the same member.</param>
    /// <param name="replicationFactor">How many replicas a key has, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="replicationFactor"/> is less than 1.</exception>
    public static double IdealMovedFraction<TMember>(this IRing<TMember> ring, IRing<TMember>? previous, int replicationFactor = 1)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        var (before, after) = (Holdings(previous, replicationFactor), Holdings(ring, replicationFactor));
        return after.Sum(now => Math.Max(0, now.Value - before.GetValueOrDefault(now.Key))) / Math.Clamp(after.Count, 1, replicationFactor);
    }

    // Of how many replicas, as a share of the hashes, a member would be one by its weight: 1 at most, and then the others share the rest.
    private static Dictionary<string, double> Holdings<TMember>(IRing<TMember>? ring, int replicationFactor)
    {
        var held = new Dictionary<string, double>(StringComparer.Ordinal);
        if (ring is null)
        {
            return held;
        }

        var members = ring.Members.Select(member => (Name: ring.Traits.HashKeyOf(member), Weight: ring.Traits.WeightOf(member))).OrderByDescending(m => m.Weight).ToList();
        var (copies, weights) = ((double)Math.Min(replicationFactor, members.Count), members.Sum(member => (double)member.Weight));
        foreach (var (name, weight) in members)
        {
            held[name] = Math.Min(1, copies * weight / weights);
            (copies, weights) = (copies - held[name], weights - weight);
        }

        return held;
    }
}
