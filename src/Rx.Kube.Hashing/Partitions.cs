namespace Rx.Kube;

/// <summary>Makes rings of fixed partitions.</summary>
public static class Partitions
{
    /// <summary>The most partitions.</summary>
    public const int MaxCount = 1 << 20;

    /// <summary>Divides the hashes into equal ranges, each of which another ring places as a whole.</summary>
    /// <param name="ring">Places partitions on members.</param>
    /// <param name="count">
    /// How many partitions there are, from 1 to <see cref="MaxCount"/>; fixed for as long as there are data. A hundred for each member that there will ever be
    /// balance well.
    /// </param>
    /// <param name="maxImbalance">
    /// How much more than its share a member may own, from 0 to 1,000, in millionths: with 0.1 it owns at most 1.1 times its share of the partitions,
    /// rounded up. Null, the default, for no bound. With a bound a change moves more than it must: see <see cref="Partitions{TMember}"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> or <paramref name="maxImbalance"/> is out of range.</exception>
    public static Partitions<TMember> Create<TMember>(IRing<TMember> ring, int count = 4096, double? maxImbalance = null)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        return new(ring, count, maxImbalance is { } epsilon ? LoadBound.Of(epsilon, least: 0, nameof(maxImbalance)) : null);
    }
}
