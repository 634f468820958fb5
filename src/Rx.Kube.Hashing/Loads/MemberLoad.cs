namespace Rx.Kube;

/// <summary>
/// The load of one identity. Places are reserved before it is known whether they are granted, so that what is reserved is never less than what is granted;
/// what is held has been granted and not given back.
/// </summary>
internal sealed class MemberLoad
{
    private const long Away = 1L << 62;

    private long _held;
    private long _reserved;

    public long Held => Volatile.Read(ref _held);

    /// <summary>How many places are reserved, and whether the member is away, so that none of them is in the total.</summary>
    public (long Count, bool IsAway) Reserved => Read(Volatile.Read(ref _reserved));

    /// <summary>Reserves a place, or gives one back; and what <see cref="Reserved"/> is then.</summary>
    public (long Count, bool IsAway) Reserve(int difference) => Read(Interlocked.Add(ref _reserved, difference));

    public void Hold() => Interlocked.Increment(ref _held);

    /// <summary>False if nothing is held.</summary>
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

    /// <summary>The member goes away; and how many places were reserved at that moment.</summary>
    public long Leave() => Interlocked.Or(ref _reserved, Away);

    /// <summary>The member is back; and how many places were reserved at that moment.</summary>
    public long Return() => Read(Interlocked.And(ref _reserved, ~Away)).Count;

    private static (long Count, bool IsAway) Read(long word) => (word & ~Away, (word & Away) != 0);
}
