namespace ShardedCache.Data;

/// <summary>The version of a value, given by the owner of its key: a hybrid clock, and the owner's name for equal clocks.</summary>
internal readonly record struct EntryVersion(long Clock, string Member) : IComparable<EntryVersion>
{
    public static bool operator >(EntryVersion left, EntryVersion right) => left.CompareTo(right) > 0;

    public static bool operator <(EntryVersion left, EntryVersion right) => left.CompareTo(right) < 0;

    public int CompareTo(EntryVersion other) =>
        Clock != other.Clock ? Clock.CompareTo(other.Clock) : string.CompareOrdinal(Member, other.Member);

    public override string ToString() => $"{Clock:x}-{Member}";
}
