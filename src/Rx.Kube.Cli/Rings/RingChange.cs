using System.Collections.Immutable;

namespace Rx.Kube.Cli.Rings;

/// <summary>What is different between two rings of one Service.</summary>
/// <param name="Joined">Who is new.</param>
/// <param name="Left">Who is gone.</param>
/// <param name="Rezoned">Who is in another zone now, with the zone before.</param>
/// <param name="Diff">What moves.</param>
/// <param name="Self">What that means for one member; null when nobody asked.</param>
internal sealed record RingChange(
    ImmutableArray<RingMember> Joined, ImmutableArray<RingMember> Left, ImmutableArray<(RingMember Member, string? Before)> Rezoned,
    RingDiff<RingMember> Diff, OwnershipChange<RingMember>? Self)
{
    /// <summary>Compares two rings.</summary>
    /// <param name="ring">The ring after.</param>
    /// <param name="previous">The ring before; null for none.</param>
    /// <param name="settings">How many replicas, and who asks.</param>
    /// <returns>The difference.</returns>
    public static RingChange Of(HashRing<RingMember> ring, HashRing<RingMember>? previous, RingSettings settings)
    {
        var before = (previous?.Members ?? []).ToDictionary(m => m.Name, StringComparer.Ordinal);
        var after = ring.Members.ToDictionary(m => m.Name, StringComparer.Ordinal);
        var diff = ring.DiffFrom(previous, settings.Replicas);
        return new(
            [.. ring.Members.Where(m => !before.ContainsKey(m.Name))],
            [.. before.Values.Where(m => !after.ContainsKey(m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal)],
            [.. ring.Members.Where(m => before.TryGetValue(m.Name, out var was) && was.Zone != m.Zone).Select(m => (m, before[m.Name].Zone))],
            diff,
            settings.Self is { } self ? diff.OwnershipOf(new RingMember(self)) : null);
    }

    /// <summary>How much of all keys some ranges are.</summary>
    /// <param name="ranges">Ranges of a member.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Share(IEnumerable<RangeChange<RingMember>> ranges) =>
        (double)ranges.Aggregate(UInt128.Zero, (sum, change) => sum + change.Range.Length) / Math.Pow(2, 64);
}
