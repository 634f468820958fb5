using System.Globalization;

namespace Rx.Kube.Tests.Rings;

/// <summary>The text of rings: <c>cache-0 cache-1(weight 2, zone a)</c>, and <c>empty</c> for a ring without members.</summary>
internal static class RingText
{
    public static string Of(object value) => value switch
    {
        RingView view => view.Replicas.ReplicationFactor == 1 ? Of(view.Ring) : Of(view.Replicas),
        ReplicatedRing<RingMember> ring => $"{ring.ReplicationFactor} of {Of(ring.Ring)}",
        OwnershipChange<RingMember> change => Of(change),
        IRangedRing<RingMember> ring => ring.Members.IsEmpty ? "empty" : string.Join(' ', ring.Members.Select(Of)),
        _ => throw new ArgumentException($"No word for {value}", nameof(value)),
    };

    private static string Of(RingMember member)
    {
        string?[] marks = [member.Weight == 1 ? null : $"weight {member.Weight}", member.Zone is null ? null : $"zone {member.Zone}"];
        var remarkable = string.Join(", ", marks.Where(mark => mark is not null));
        return remarkable.Length == 0 ? member.Name : $"{member.Name}({remarkable})";
    }

    private static string Of(OwnershipChange<RingMember> change)
    {
        string?[] parts = [Percent("+", change.Gained), Percent("-", change.Lost), Percent("~", change.Reranked)];
        return change.IsEmpty ? "nothing" : string.Join(' ', parts.Where(part => part is not null));
    }

    private static string? Percent(string sign, IEnumerable<RangeChange<RingMember>> changes) =>
        changes.Sum(change => (double)change.Range.Length / Math.Pow(2, 64)) is > 0 and var share
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{share:P0}").Replace(" ", "", StringComparison.Ordinal)
            : null;
}
