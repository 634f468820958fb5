using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// The changes of the last hour. It keeps members and no rings, so that its size has a limit whatever the size of the ring: an earlier ring
/// is made again from the members of then. Immutable.
/// </summary>
internal sealed record RingHistory
{
    private int _members;

    /// <summary>Gets the limits on changes and their members.</summary>
    public RingPageOptions Limits { get; init; } = RingPageOptions.Default;

    /// <summary>Gets the changes, the oldest first.</summary>
    public ImmutableArray<RingPageChange> Changes { get; private init; } = [];

    /// <summary>Gets the number of the newest change that is no longer kept; 0 if all are.</summary>
    public long Floor { get; private init; }

    /// <summary>Adds changes, and drops those that are too old or too many.</summary>
    /// <param name="changes">The changes, the oldest first.</param>
    /// <param name="oldest">The time before which changes are dropped.</param>
    public RingHistory With(IReadOnlyCollection<RingPageChange> changes, DateTimeOffset oldest)
    {
        if (changes.Count == 0 && (Changes.IsEmpty || Changes[0].At >= oldest))
        {
            return this;
        }

        var all = Changes.AddRange(changes);
        var (members, dropped) = (_members + changes.Sum(change => change.Size), 0);
        while (dropped < all.Length &&
            (all.Length - dropped > Limits.MaxChanges || members > Limits.MaxMembers || all[dropped].At < oldest))
        {
            members -= all[dropped++].Size;
        }

        return this with
        {
            _members = members,
            Changes = dropped == 0 ? all : all[dropped..],
            Floor = dropped == 0 ? Floor : all[dropped - 1].Id,
        };
    }

    /// <summary>Makes the ring again that was there right after a change.</summary>
    /// <param name="id">The number of the change.</param>
    /// <param name="now">The present ring.</param>
    /// <returns>The change and the ring; null if the change is not kept, or there was no ring.</returns>
    public (RingPageChange Change, HashRing<RingMember> Ring)? At(long id, HashRing<RingMember> now)
    {
        var index = Changes.FindIndex(change => change.Id == id);
        if (index < 0 || Changes[index].Version.Length == 0)
        {
            return null;
        }

        var members = now.Members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        for (var later = Changes.Length - 1; later > index; later--)
        {
            Undo(Changes[later], members);
        }

        var hasZones = members.Values.Any(member => member.Zone is not null);
        return (Changes[index], HashRing.Create(
            members.Values, member => member.Name, member => member.Weight, hasZones ? member => member.Zone : null, now.Layout));
    }

    private static void Undo(RingPageChange change, Dictionary<string, RingMember> members)
    {
        foreach (var member in change.Joined)
        {
            members.Remove(member.Name);
        }

        foreach (var member in change.Left.Concat(change.Altered.Select(pair => pair.Before)))
        {
            members[member.Name] = member;
        }
    }
}

/// <summary>Searches arrays.</summary>
file static class ArraySearch
{
    public static int FindIndex(this ImmutableArray<RingPageChange> changes, Predicate<RingPageChange> match)
    {
        for (var index = changes.Length - 1; index >= 0; index--)
        {
            if (match(changes[index]))
            {
                return index;
            }
        }

        return -1;
    }
}
