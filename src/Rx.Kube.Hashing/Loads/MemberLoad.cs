namespace Rx.Kube;

/// <summary>
/// The load of one identity. A place is reserved before it is known whether it is granted, so that reservations are never fewer than
/// grants; a held place has been granted and not released.
/// </summary>
internal sealed class MemberLoad
{
    private const long Away = 1L << 62;

    private long _held;
    private long _reserved;

    public long Held => Volatile.Read(ref _held);

    /// <summary>Gets the number of reserved places, and whether the member is away, so that the total counts none of them.</summary>
    public (long Count, bool IsAway) Reserved => Read(Volatile.Read(ref _reserved));

    /// <summary>Reserves a place or gives one back, and returns <see cref="Reserved"/> after that.</summary>
    public (long Count, bool IsAway) Reserve(int difference) => Read(Interlocked.Add(ref _reserved, difference));

    public void Hold() => Interlocked.Increment(ref _held);

    /// <summary>Releases a held place; false if none is held.</summary>
    public bool TryLetGo()
    {
        for (var held = Held; held > 0; held = Held)
        {
            if (Interlocked.CompareExchange(ref _held, held - 1, held) == held)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Marks the member as away, and returns the number of places reserved at that moment.</summary>
    public long Leave() => Interlocked.Or(ref _reserved, Away);

    /// <summary>Marks the member as back, and returns the number of places reserved at that moment.</summary>
    public long Return() => Read(Interlocked.And(ref _reserved, ~Away)).Count;

    private static (long Count, bool IsAway) Read(long word) => (word & ~Away, (word & Away) != 0);
}
