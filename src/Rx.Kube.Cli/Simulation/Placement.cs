namespace Rx.Kube.Cli.Simulation;

/// <summary>Holds the placement of the simulated keys on a ring. It uses only <see cref="IRing{TMember}"/>.</summary>
/// <param name="Ring">The ring.</param>
/// <param name="Members">The members and their weights.</param>
/// <param name="Replicas">The names of the replicas of each key, the owner first; null for a missing replica.</param>
/// <param name="Factor">The number of replicas of a key.</param>
internal sealed record Placement(IRing<SimulatedMember> Ring, IReadOnlyList<SimulatedMember> Members, string?[] Replicas, int Factor)
{
    /// <summary>Places keys on a ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="members">The members of the ring.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="factor">The number of replicas of a key.</param>
    /// <returns>The placement.</returns>
    public static Placement Of(IRing<SimulatedMember> ring, IReadOnlyList<SimulatedMember> members, KeyHash[] keys, int factor)
    {
        var names = new string?[keys.Length * factor];
        var replicas = new SimulatedMember[factor];
        for (var key = 0; key < keys.Length; key++)
        {
            if (factor == 1)
            {
                names[key] = ring.TryGetOwner(keys[key], out var owner) ? owner.Name : null;
                continue;
            }

            var count = ring.GetReplicas(keys[key], replicas);
            for (var rank = 0; rank < count; rank++)
            {
                names[(key * factor) + rank] = replicas[rank].Name;
            }
        }

        return new(ring, members, names, factor);
    }

    /// <summary>Gets the keys of the fullest member ÷ its fair share: 1 for a perfect spread, 0 without members.</summary>
    public double Peak
    {
        get
        {
            var weights = WeightsOf(this);
            var counts = Replicas.Where(name => name is not null).CountBy(name => name!, StringComparer.Ordinal).ToList();
            var perWeight = (double)counts.Sum(c => c.Value) / weights.Values.Sum();
            return counts.Select(c => c.Value / (weights[c.Key] * perWeight)).DefaultIfEmpty().Max();
        }
    }

    /// <summary>
    /// Counts the copies that moved since an earlier placement of the same keys: copies on a member that had no copy of the key before.
    /// </summary>
    /// <param name="before">The earlier placement.</param>
    /// <returns>
    /// The number of copies that moved, the minimum, and the number of copies that moved needlessly: neither to a member that joined or
    /// got more weight nor from a member that left or got less.
    /// </returns>
    public (int Moved, double Ideal, int Needless) Since(Placement before)
    {
        var (were, are) = (WeightsOf(before), WeightsOf(this));
        var (moved, needless) = (0, 0);
        for (var at = 0; at < Replicas.Length; at += Factor)
        {
            var then = before.Replicas.AsSpan(at, Factor);
            var now = Replicas.AsSpan(at, Factor);
            foreach (var name in now)
            {
                if (name is not null && !then.Contains(name))
                {
                    moved++;
                    needless += are[name] > were.GetValueOrDefault(name) || LostBy(then, now) ? 0 : 1;
                }
            }
        }

        var copies = (double)Replicas.Length / Factor * Math.Min(Factor, Members.Count);
        return (moved, Ring.IdealMovedFraction(before.Ring, Factor) * copies, needless);

        bool LostBy(ReadOnlySpan<string?> then, ReadOnlySpan<string?> now)
        {
            foreach (var name in then)
            {
                if (name is not null && !now.Contains(name) && are.GetValueOrDefault(name) < were[name])
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static Dictionary<string, int> WeightsOf(Placement placement) =>
        placement.Members.ToDictionary(m => m.Name, m => m.Weight, StringComparer.Ordinal);
}
