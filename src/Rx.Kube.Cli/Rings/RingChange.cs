using System.Collections.Immutable;

namespace Rx.Kube.Cli.Rings;

/// <summary>Describes the difference between two rings of one Service.</summary>
/// <param name="Joined">The members that joined.</param>
/// <param name="Left">The members that left.</param>
/// <param name="Rezoned">The members whose zone changed, with the earlier zone.</param>
/// <param name="Diff">The ranges that move.</param>
/// <param name="Self">The ranges that the member of <c>--self</c> gains and loses; null without <c>--self</c>.</param>
internal sealed record RingChange(
    ImmutableArray<RingMember> Joined, ImmutableArray<RingMember> Left, ImmutableArray<(RingMember Member, string? Before)> Rezoned,
    RingDiff<RingMember> Diff, OwnershipChange<RingMember>? Self)
{
    /// <summary>Compares two rings.</summary>
    /// <param name="ring">The later ring.</param>
    /// <param name="previous">The earlier ring, or null.</param>
    /// <param name="settings">The number of replicas and the member of <c>--self</c>.</param>
    /// <returns>The difference.</returns>
    public static RingChange Of(HashRing<RingMember> ring, HashRing<RingMember>? previous, RingSettings settings)
    {
        var before = (previous?.Members ?? []).ToDictionary(m => m.Name, StringComparer.Ordinal);
        var after = ring.Members.ToDictionary(m => m.Name, StringComparer.Ordinal);
        var diff = ring.DiffFrom(previous, settings.Replicas);
        return new(
            [.. ring.Members.Where(m => !before.ContainsKey(m.Name))],
            [.. before.Values.Where(m => !after.ContainsKey(m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal)],
            [.. ring.Members.Where(m => before.TryGetValue(m.Name, out var was) && was.Zone != m.Zone)
                .Select(m => (m, before[m.Name].Zone))],
            diff,
            settings.Self is { } self ? diff.OwnershipOf(new RingMember(self)) : null);
    }

    /// <summary>Gets the share of all keys in ranges.</summary>
    /// <param name="ranges">The ranges.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Share(IEnumerable<RangeChange<RingMember>> ranges) =>
        (double)ranges.Aggregate(UInt128.Zero, (sum, change) => sum + change.Range.Length) / Math.Pow(2, 64);
}
